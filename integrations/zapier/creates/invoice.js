'use strict';

const {
  field, OPTIONAL, DAY, SOURCE_ID, LINES, CURRENCY, NOTES, TAX, taxed, day, idempotencyKey, createOnce,
} = require('./fields');
const { write } = require('../requests');

/** Draft an invoice, or find the one that an earlier run has drafted for the same source; and send it. */
const perform = async (z, bundle) => {
  const { sourceId, send, invoiceDate, dueDate, ...rest } = bundle.inputData;
  const body = { ...taxed(rest), invoiceDate: day(invoiceDate), dueDate: day(dueDate) };
  const invoice = await createOnce(z, bundle, 'invoice', '/invoices', sourceId, body);
  if (!send || invoice.status !== 'draft') return invoice;
  const key = `${idempotencyKey('invoice', sourceId)}-send`;
  return write(z, bundle, 'PATCH', `/invoices/${invoice.id}`, { status: 'sent' }, key);
};

module.exports = {
  key: 'invoice',
  noun: 'Invoice',
  display: { label: 'Create Invoice', description: 'Drafts an invoice, and sends it if you want.' },
  operation: {
    inputFields: [
      SOURCE_ID,
      field('clientId', 'Client id', 'Your own id of the client (letters, digits, - and _), or that of a party: party_….'),
      field('clientName', 'Client name', 'As the invoice shows it.', OPTIONAL),
      field('invoiceNumber', 'Invoice number', 'The next one of your series if empty.', OPTIONAL),
      field('invoiceDate', 'Invoice date', 'A day.', DAY),
      field('dueDate', 'Due date', 'The day by which it must be paid.', DAY),
      CURRENCY,
      LINES,
      ...TAX,
      NOTES,
      field('send', 'Send it', 'A sent invoice can be paid, and its amounts do not change any more.', {
        type: 'boolean',
        ...OPTIONAL,
      }),
    ],
    perform,
    sample: { id: 'inv_1', invoiceNumber: 'INV-2026-27-0001', status: 'draft', totalAmount: '82600.00' },
  },
};
