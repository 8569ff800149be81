'use strict';

/** An input field. What is in `more` replaces the defaults: a required text. */
const field = (key, label, helpText, more = {}) => ({ key, label, helpText, type: 'string', required: true, ...more });

const OPTIONAL = { required: false };
const DAY = { type: 'datetime' };

/**
 * What a user maps to the id of whatever started the Zap. Zapier gives actions nothing that names a run, so this is how
 * a run that is replayed is recognized.
 */
const SOURCE_ID = field(
  'sourceId',
  'Id of what started the Zap',
  'Such as the id of the deal or of the form entry. When the Zap is replayed, the same id never makes a second one.',
);

const LINES = {
  key: 'items',
  label: 'Lines',
  children: [
    field('description', 'Description', 'What was sold.'),
    field('quantity', 'Quantity', 'With up to 3 decimals.'),
    field('unitPrice', 'Unit price', 'Before tax, with up to 4 decimals.'),
    field('taxRate', 'Tax rate', 'In percent, such as 18.'),
    field('hsnSac', 'HSN or SAC', '4, 6 or 8 digits.', OPTIONAL),
  ],
};

const CURRENCY = field('currency', 'Currency', 'Three letters; INR if empty.', OPTIONAL);
const NOTES = field('notes', 'Notes', 'Up to 5,000 characters.', { type: 'text', ...OPTIONAL });

/** The day of a date, or of a time with its offset: the day that the user sees. */
const day = (text) => text?.slice(0, 10);

/** The header that makes a repetition harmless. Actions have different keys for the same source. */
const idempotencyKey = (action, sourceId) => `zapier-${action}-${encodeURIComponent(sourceId)}`.slice(0, 255);

module.exports = { field, OPTIONAL, DAY, SOURCE_ID, LINES, CURRENCY, NOTES, day, idempotencyKey };
