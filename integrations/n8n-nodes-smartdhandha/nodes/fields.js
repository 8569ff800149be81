'use strict';

/** @import { IDataObject, IHttpRequestMethods, INodeProperties } from 'n8n-workflow' */

/**
 * @typedef {(method: IHttpRequestMethods, path: string, more?: { body?: IDataObject, qs?: IDataObject, key?: string })
 *   => Promise<any>} Send
 */

/**
 * @param {string} name
 * @param {string} displayName
 * @param {string} description
 * @param {Partial<INodeProperties>} [more] What replaces the defaults: a required text.
 * @returns {INodeProperties}
 */
const field = (name, displayName, description, more = {}) =>
  ({ name, displayName, description, type: 'string', default: '', required: true, ...more });

/** @type {Partial<INodeProperties>} */
const OPTIONAL = { required: false };
/** @type {Partial<INodeProperties>} */
const DAY = { type: 'dateTime' };

/** @param {string[]} values @returns {Partial<INodeProperties>} */
const oneOf = (...values) =>
  ({ type: 'options', options: values.map((value) => ({ name: value, value })), default: values[0] });

/** n8n gives each execution a new id, also one that is retried by hand: so the user says what an object is made for. */
const SOURCE_ID = field(
  'sourceId',
  'Source ID',
  'The id of what the workflow handles, such as {{ $json.orderId }}. The same id never makes a second one.',
);

const LINES = field('items', 'Lines', 'What was sold', {
  type: 'fixedCollection',
  typeOptions: { multipleValues: true },
  default: { line: [{}] },
  options: [
    {
      name: 'line',
      displayName: 'Line',
      values: [
        field('description', 'Description', 'What was sold'),
        field('quantity', 'Quantity', 'With up to 3 decimals', { default: '1' }),
        field('unitPrice', 'Unit Price', 'Before tax, with up to 4 decimals'),
        field('taxRate', 'Tax Rate', 'In percent', { default: '18' }),
        field('hsnSac', 'HSN or SAC', '4, 6 or 8 digits', OPTIONAL),
        field('discountPercent', 'Discount in Percent', 'Of the line; or an amount', OPTIONAL),
        field('discountAmount', 'Discount Amount', 'Of the line', OPTIONAL),
        field('cessRate', 'Cess', 'In percent', OPTIONAL),
      ],
    },
  ],
});

/** What few invoices and bills need. */
const TAX = field('tax', 'GST and Discount', 'What few documents need', {
  type: 'collection',
  required: false,
  default: {},
  options: [
    field('discountPercent', 'Discount in Percent', 'Of the whole document; or an amount', OPTIONAL),
    field('discountAmount', 'Discount Amount', 'Of the whole document. It is spread over the lines.', OPTIONAL),
    field('placeOfSupply', 'Place of Supply', 'The GST code of a State; that of the client or vendor if empty', OPTIONAL),
    field('reverseCharge', 'Reverse Charge', 'Whether the recipient pays the tax', {
      type: 'boolean', default: false, ...OPTIONAL,
    }),
    field('roundOff', 'Round the Total Off', 'To whole units of the currency', { ...oneOf('nearest'), ...OPTIONAL }),
  ],
});

/** Leave out what the user left empty. @param {object} values @returns {IDataObject} */
const filled = (values) => Object.fromEntries(Object.entries(values).filter(([, value]) => value !== '' && value != null));

/** The day of a date, of a time, or of an expression such as $today. @param {unknown} value */
const day = (value) => String(value).slice(0, 10);

/** A document or a line as the service takes it: its discount is one field. @param {any} values @returns {IDataObject} */
const taxed = ({ discountPercent, discountAmount, reverseCharge, ...rest }) => {
  const discount = filled({ percent: discountPercent, amount: discountAmount });
  return filled({
    ...rest,
    discount: Object.keys(discount).length ? discount : null,
    reverseCharge: reverseCharge || null,
  });
};

/** @param {any} items @returns {IDataObject[]} */
const lines = (items) => (items.line ?? []).map(taxed);

/** The Idempotency-Key. @param {string} operation @param {unknown} sourceId */
const keyOf = (operation, sourceId) => `n8n-${operation}-${encodeURIComponent(String(sourceId))}`.slice(0, 255);

/**
 * Create an object, or return the one that was created earlier for the same source. The service keeps an
 * Idempotency-Key for a day; so the source's id is also kept with the object, and is looked for first.
 *
 * @param {Send} send @param {string} kind @param {string} path @param {unknown} sourceId @param {IDataObject} body
 */
const createOnce = async (send, kind, path, sourceId, body) => {
  const [earlier] = await send('GET', path, { qs: { 'metadata[n8nSourceId]': String(sourceId), limit: 1 } });
  const metadata = { n8nSourceId: String(sourceId) };
  return earlier ?? send('POST', path, { body: { ...body, metadata }, key: keyOf(kind, sourceId) });
};

module.exports = { field, oneOf, OPTIONAL, DAY, SOURCE_ID, LINES, TAX, filled, taxed, day, lines, keyOf, createOnce };
