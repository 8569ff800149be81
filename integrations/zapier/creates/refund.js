'use strict';

const { field, OPTIONAL, DAY, SOURCE_ID, day, idempotencyKey } = require('./fields');
const { read, write } = require('../requests');

/** Record a refund, unless an earlier run has recorded it: the source's id is the reference if the user gives none. */
const perform = async (z, bundle) => {
  const { sourceId, note, noteId, date, ...rest } = bundle.inputData;
  const path = `/${note}/${encodeURIComponent(noteId)}`;
  const reference = rest.reference || sourceId;
  const earlier = await read(z, bundle, path);
  if (earlier.refunds.some((each) => each.reference === reference)) return earlier;
  const body = { ...rest, reference, date: day(date) };
  return write(z, bundle, 'POST', `${path}/refunds`, body, idempotencyKey('refund', sourceId));
};

module.exports = {
  key: 'refund',
  noun: 'Refund',
  display: { label: 'Record Refund', description: 'Records that what a credit note or a vendor credit left to be refunded was given back.' },
  operation: {
    inputFields: [
      SOURCE_ID,
      field('note', 'Of', 'What leaves something to be refunded.', {
        choices: { 'credit-notes': 'A credit note', 'vendor-credits': 'A vendor credit' },
      }),
      field('noteId', 'Id', 'Of the credit note or vendor credit, from an earlier step.'),
      field('amount', 'Amount', 'At most what is still to be refunded.'),
      field('date', 'Date', 'A day, not after today; today if empty.', { ...DAY, ...OPTIONAL }),
      field('method', 'Method', 'Such as UPI.', OPTIONAL),
      field('reference', 'Reference', 'Such as the number of the transfer. Another refund of the note must have another one.', OPTIONAL),
    ],
    perform,
    sample: { id: 'cn_1', status: 'issued', amountRefunded: '500.00', refundDue: '0.00' },
  },
};
