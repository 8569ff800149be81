'use strict';

const { field, OPTIONAL, DAY, SOURCE_ID, day, idempotencyKey } = require('./fields');
const { write } = require('../requests');

/**
 * Record a payment. The same reference, amount and day once more on one document is refused (duplicate_payment); so the
 * source's id is the reference if the user gives none.
 */
const perform = (z, bundle) => {
  const { sourceId, document, documentId, paidOn, ...rest } = bundle.inputData;
  const body = { ...rest, reference: rest.reference || sourceId, paidOn: day(paidOn) };
  const path = `/${document}/${encodeURIComponent(documentId)}/payments`;
  return write(z, bundle, 'POST', path, body, idempotencyKey('payment', sourceId));
};

module.exports = {
  key: 'payment',
  noun: 'Payment',
  display: { label: 'Record Payment', description: 'Records a payment of a sent invoice or of an open bill.' },
  operation: {
    inputFields: [
      SOURCE_ID,
      field('document', 'Of', 'What was paid.', { choices: { invoices: 'An invoice', bills: 'A bill' } }),
      field('documentId', 'Id', 'Of the invoice or the bill, from an earlier step.'),
      field('amount', 'Amount', 'At most what is still to be paid.'),
      field('paidOn', 'Paid on', 'A day, not after today.', DAY),
      field('kind', 'Kind', 'A payment if empty; or tax that the payer withheld, or a remainder that nobody pays.', {
        choices: ['payment', 'tds', 'write_off', 'round_off'],
        ...OPTIONAL,
      }),
      field('method', 'Method', 'Such as UPI.', OPTIONAL),
      field('reference', 'Reference', 'Such as the number of the transfer.', OPTIONAL),
    ],
    perform,
    sample: { id: 'inv_1', status: 'paid', totalAmount: '82600.00', balanceDue: '0.00' },
  },
};
