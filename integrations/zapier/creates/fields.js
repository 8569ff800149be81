'use strict';

const { filled, read, write } = require('../requests');

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
    field('discountPercent', 'Discount, %', 'Of the line: a percentage, or an amount.', OPTIONAL),
    field('discountAmount', 'Discount, amount', 'Of the line.', OPTIONAL),
    field('cessRate', 'Cess', 'In percent.', OPTIONAL),
  ],
};

const CURRENCY = field('currency', 'Currency', 'Three letters; INR if empty.', OPTIONAL);
const NOTES = field('notes', 'Notes', 'Up to 5,000 characters.', { type: 'text', ...OPTIONAL });

/** What few invoices and bills need. Zapier wants keys that no line has. */
const TAX = [
  field('totalDiscountPercent', 'Discount, %', 'Of the whole: a percentage, or an amount. It is spread over the lines.', OPTIONAL),
  field('totalDiscountAmount', 'Discount, amount', 'Of the whole.', OPTIONAL),
  field('placeOfSupply', 'Place of supply', 'The GST code of a State, such as 27; that of the client or vendor if empty.', OPTIONAL),
  field('reverseCharge', 'Reverse charge', 'The recipient pays the tax to the government.', { type: 'boolean', ...OPTIONAL }),
  field('roundOff', 'Round the total off', 'To whole units of the currency.', { choices: { nearest: 'Yes' }, ...OPTIONAL }),
];

/** A discount as the service takes it: a percentage or an amount. */
const discountOf = (percent, amount) => {
  const discount = filled({ percent, amount });
  return Object.keys(discount).length ? discount : null;
};

const lines = (items) =>
  items.map(({ discountPercent, discountAmount, ...line }) =>
    filled({ ...line, discount: discountOf(discountPercent, discountAmount) }));

/** A document as the service takes it. */
const taxed = ({ totalDiscountPercent, totalDiscountAmount, reverseCharge, items, ...rest }) => ({
  ...rest,
  items: lines(items),
  discount: discountOf(totalDiscountPercent, totalDiscountAmount),
  reverseCharge: reverseCharge || null,
});

/** The day of a date, or of a time with its offset: the day that the user sees. */
const day = (text) => text?.slice(0, 10);

/** The header that makes a repetition harmless. Actions have different keys for the same source. */
const idempotencyKey = (action, sourceId) => `zapier-${action}-${encodeURIComponent(sourceId)}`.slice(0, 255);

/**
 * Create an object, or find the one that an earlier run has created for the same source.
 *
 * The service keeps an Idempotency-Key for a day, and Zapier replays runs that are weeks old. So the source's id is
 * also kept with the object (metadata), and is looked for first. Two runs at once are one by the Idempotency-Key.
 */
const createOnce = async (z, bundle, action, path, sourceId, body) => {
  const metadata = { zapierSourceId: sourceId };
  const [earlier] = await read(z, bundle, path, { 'metadata[zapierSourceId]': sourceId, limit: 1 });
  return earlier ?? write(z, bundle, 'POST', path, { ...body, metadata }, idempotencyKey(action, sourceId));
};

module.exports = {
  field, OPTIONAL, DAY, SOURCE_ID, LINES, CURRENCY, NOTES, TAX, taxed, day, idempotencyKey, createOnce,
};
