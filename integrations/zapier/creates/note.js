'use strict';

const { field, OPTIONAL, DAY, SOURCE_ID, NOTES, day, idempotencyKey, createOnce } = require('./fields');
const { filled, write } = require('../requests');

const LINES = {
  key: 'items',
  label: 'Lines',
  children: [
    field('lineNumber', 'Number of the line', 'Counted from 1, as the document has it.', { type: 'integer', ...OPTIONAL }),
    field('quantity', 'Quantity', 'Of the line; or an amount.', OPTIONAL),
    field('lineAmount', 'Amount', 'Of the line, with taxes.', OPTIONAL),
  ],
};
const AMOUNT = 'With taxes, if no lines say what to correct.';

/** The lines that the user has filled in. Zapier wants keys that no other field has. */
const lines = (items = []) =>
  items
    .map(({ lineAmount, ...line }) => filled({ ...line, amount: lineAmount }))
    .filter((line) => Object.keys(line).length);

/** An action that drafts a note, or finds the one that an earlier run has drafted for the same source; and issues it. */
const note = ({ key, noun, path, what, document, fields = [], amountHelp = AMOUNT, sample }) => {
  const perform = async (z, bundle) => {
    const { sourceId, issue, date, items, ...rest } = bundle.inputData;
    const corrected = lines(items);
    const body = { ...rest, date: day(date), items: corrected.length ? corrected : null };
    const made = await createOnce(z, bundle, key, path, sourceId, body);
    if (!issue || made.status !== 'draft') return made;
    return write(z, bundle, 'PATCH', `${path}/${made.id}`, { status: 'issued' }, `${idempotencyKey(key, sourceId)}-issue`);
  };
  return {
    key,
    noun,
    display: { label: `Create ${noun}`, description: `${what}, and issues it if you want.` },
    operation: {
      inputFields: [
        SOURCE_ID,
        field(`${document}Id`, `${document === 'bill' ? 'Bill' : 'Invoice'} id`, 'From the trigger or from an earlier step.'),
        ...fields,
        field('reason', 'Reason', 'Why, in up to 500 characters.'),
        field('amount', 'Amount', amountHelp, OPTIONAL),
        LINES,
        field('date', 'Date', 'A day; today if empty.', { ...DAY, ...OPTIONAL }),
        NOTES,
        field('issue', 'Issue it', 'An issued note changes the balance, and its amounts do not change any more.', {
          type: 'boolean',
          ...OPTIONAL,
        }),
      ],
      perform,
      sample: { id: 'note_1', number: null, status: 'draft', totalAmount: '1180.00', ...sample },
    },
  };
};

const REST = `${AMOUNT} Everything that is left, if both are empty.`;

module.exports = [
  note({
    key: 'credit_note',
    noun: 'Credit Note',
    path: '/credit-notes',
    what: 'Drafts a credit note, which lowers an invoice that was sent',
    document: 'invoice',
    amountHelp: REST,
    sample: { id: 'cn_1', refundDue: '0.00' },
  }),
  note({
    key: 'debit_note',
    noun: 'Debit Note',
    path: '/debit-notes',
    what: 'Drafts a debit note, which raises an invoice that was sent',
    document: 'invoice',
    sample: { id: 'dn_1' },
  }),
  note({
    key: 'vendor_credit',
    noun: 'Vendor Credit',
    path: '/vendor-credits',
    what: "Enters a vendor's credit note, which lowers a bill that was opened",
    document: 'bill',
    fields: [field('number', 'Number', "The vendor's number.")],
    amountHelp: REST,
    sample: { id: 'vc_1', number: 'CR-7', refundDue: '0.00' },
  }),
];
