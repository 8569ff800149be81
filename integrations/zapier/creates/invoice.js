'use strict';

const { field, OPTIONAL, DAY, SOURCE_ID, LINES, CURRENCY, NOTES, day, idempotencyKey } = require('./fields');
const { read, write, filled } = require('../requests');

/**
 * Draft an invoice, or find the one that an earlier run has drafted for the same source.
 *
 * The service keeps an Idempotency-Key for a day, and Zapier replays runs that are weeks old. So the source's id is
 * also kept with the invoice (metadata), and is looked for first. Two runs at once are one by the Idempotency-Key.
 */
const perform = async (z, bundle) => {
  const { sourceId, send, invoiceDate, dueDate, items, ...rest } = bundle.inputData;
  const metadata = { zapierSourceId: sourceId };
  const body = { ...rest, invoiceDate: day(invoiceDate), dueDate: day(dueDate), items: items.map(filled), metadata };
  const [earlier] = await read(z, bundle, '/invoices', { 'metadata[zapierSourceId]': sourceId, limit: 1 });
  const key = idempotencyKey('invoice', sourceId);
  const invoice = earlier ?? (await write(z, bundle, 'POST', '/invoices', body, key));
  if (!send || invoice.status !== 'draft') return invoice;
  return write(z, bundle, 'PATCH', `/invoices/${invoice.id}`, { status: 'sent' }, `${key}-send`);
};

module.exports = {
  key: 'invoice',
  noun: 'Invoice',
  display: { label: 'Create Invoice', description: 'Drafts an invoice, and sends it if you want.' },
  operation: {
    inputFields: [
      SOURCE_ID,
      field('clientId', 'Client id', 'Your own id of the client: letters, digits, - and _.'),
      field('clientName', 'Client name', 'As the invoice shows it.', OPTIONAL),
      field('invoiceNumber', 'Invoice number', 'The next one of your series if empty.', OPTIONAL),
      field('invoiceDate', 'Invoice date', 'A day.', DAY),
      field('dueDate', 'Due date', 'The day by which it must be paid.', DAY),
      CURRENCY,
      LINES,
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
