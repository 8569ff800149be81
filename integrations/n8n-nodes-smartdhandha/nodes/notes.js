'use strict';

const { field, oneOf, OPTIONAL, DAY, SOURCE_ID, filled, day, createOnce, keyOf } = require('./fields');

/** @import { INodeProperties } from 'n8n-workflow' */
/** @import { Operation } from './operations' */

const AMOUNT = 'With taxes, if no lines say what to correct';

const LINES = field('items', 'Lines', 'Which lines of the document are corrected', {
  type: 'fixedCollection',
  required: false,
  typeOptions: { multipleValues: true },
  default: {},
  options: [
    {
      name: 'line',
      displayName: 'Line',
      values: [
        field('lineNumber', 'Number of the Line', 'Counted from 1, as the document has it', { type: 'number', default: 1 }),
        field('quantity', 'Quantity', 'Of the line; or an amount', OPTIONAL),
        field('amount', 'Amount', 'Of the line, with taxes', OPTIONAL),
      ],
    },
  ],
});

/**
 * The operation that drafts a note, or finds the one that was drafted earlier for the same source, and issues it.
 *
 * @param {{ noun: string, path: string, description: string, document: [string, string], number?: INodeProperties[],
 *   amount?: string }} of
 * @returns {Operation}
 */
const createNote = ({ noun, path, description, document: [id, name], number = [], amount = AMOUNT }) => ({
  name: `Create ${noun}`,
  description: `${description}, and issue it if you want`,
  fields: [
    SOURCE_ID,
    field(id, name, 'From the trigger or from an earlier node'),
    ...number,
    field('reason', 'Reason', 'Why, in up to 500 characters'),
    field('amount', 'Amount', amount, OPTIONAL),
    LINES,
    field('date', 'Date', 'A day; today if empty', { ...DAY, ...OPTIONAL }),
    field('notes', 'Notes', 'Up to 5,000 characters', OPTIONAL),
    field('issue', 'Issue It', 'Whether it is issued at once', { type: 'boolean', default: false }),
  ],
  run: async (send, { sourceId, issue, items, date, ...rest }) => {
    const lines = (items.line ?? []).map(filled);
    const body = filled({ ...rest, date: date && day(date), items: lines.length ? lines : null });
    const kind = noun.toLowerCase().replace(' ', '-');
    const note = await createOnce(send, kind, path, sourceId, body);
    if (!issue || note.status !== 'draft') return note;
    const key = `${keyOf(kind, sourceId)}-issue`;
    return send('PATCH', `${path}/${note.id}`, { body: { status: 'issued' }, key });
  },
});

const REST = `${AMOUNT}; everything that is left, if both are empty`;

/** @type {Record<string, Operation>} */
const NOTES = {
  createCreditNote: createNote({
    noun: 'Credit Note',
    path: '/credit-notes',
    description: 'Draft a credit note, which lowers an invoice that was sent',
    document: ['invoiceId', 'Invoice ID'],
    amount: REST,
  }),
  createDebitNote: createNote({
    noun: 'Debit Note',
    path: '/debit-notes',
    description: 'Draft a debit note, which raises an invoice that was sent',
    document: ['invoiceId', 'Invoice ID'],
  }),
  createVendorCredit: createNote({
    noun: 'Vendor Credit',
    path: '/vendor-credits',
    description: "Enter a vendor's credit note, which lowers a bill that was opened",
    document: ['billId', 'Bill ID'],
    number: [field('number', 'Number', "The vendor's number")],
    amount: REST,
  }),
  recordRefund: {
    name: 'Record Refund',
    description: 'Record that what a credit note or a vendor credit left to be refunded was given back',
    fields: [
      SOURCE_ID,
      field('note', 'Of', 'What leaves something to be refunded', oneOf('credit-notes', 'vendor-credits')),
      field('noteId', 'ID', 'Of the credit note or the vendor credit'),
      field('amount', 'Amount', 'At most what is still to be refunded'),
      field('date', 'Date', 'A day, not after today; today if empty', { ...DAY, ...OPTIONAL }),
      field('method', 'Method', 'Such as UPI', OPTIONAL),
      field('reference', 'Reference', 'Such as the number of the transfer; the source ID if it is empty', OPTIONAL),
    ],
    run: async (send, { sourceId, note, noteId, date, reference, ...rest }) => {
      const path = `/${note}/${encodeURIComponent(noteId)}`;
      const wanted = reference || String(sourceId);
      const earlier = await send('GET', path);
      if (earlier.refunds.some((/** @type {any} */ each) => each.reference === wanted)) return earlier;
      const body = filled({ ...rest, reference: wanted, date: date && day(date) });
      return send('POST', `${path}/refunds`, { body, key: keyOf('refund', sourceId) });
    },
  },
};

module.exports = { NOTES };
