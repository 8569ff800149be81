'use strict';

const { field, OPTIONAL, DAY, SOURCE_ID, LINES, CURRENCY, NOTES, TAX, taxed, day, idempotencyKey } = require('./fields');
const { write } = require('../requests');

/** Enter a bill. A vendor's number is unique, so a run that is replayed after a day is refused (duplicate_number). */
const perform = async (z, bundle) => {
  const { sourceId, open, billDate, dueDate, ...rest } = bundle.inputData;
  const body = { ...taxed(rest), billDate: day(billDate), dueDate: day(dueDate) };
  const key = idempotencyKey('bill', sourceId);
  const bill = await write(z, bundle, 'POST', '/bills', body, key);
  if (!open) return bill;
  return write(z, bundle, 'PATCH', `/bills/${bill.id}`, { status: 'open' }, `${key}-open`);
};

module.exports = {
  key: 'bill',
  noun: 'Bill',
  display: { label: 'Create Bill', description: 'Enters a bill of a vendor, and opens it for payment if you want.' },
  operation: {
    inputFields: [
      SOURCE_ID,
      field('vendorId', 'Vendor id', 'Your own id of the vendor (letters, digits, - and _), or that of a party: party_….'),
      field('vendorName', 'Vendor name', 'As the bill shows it.', OPTIONAL),
      field('billNumber', 'Bill number', "The vendor's number."),
      field('billDate', 'Bill date', 'A day.', DAY),
      field('dueDate', 'Due date', 'The day by which it must be paid.', DAY),
      CURRENCY,
      LINES,
      ...TAX,
      NOTES,
      field('open', 'Open it', 'An open bill can be paid, and its amounts do not change any more.', {
        type: 'boolean',
        ...OPTIONAL,
      }),
    ],
    perform,
    sample: { id: 'bill_1', billNumber: 'KS/118', status: 'draft', totalAmount: '82600.00' },
  },
};
