'use strict';

const { field, oneOf, OPTIONAL, DAY, SOURCE_ID, LINES, TAX, filled, taxed, day, lines, keyOf, createOnce } = require('./fields');
const { NOTES } = require('./notes');

/** @import { IDataObject, INodeProperties } from 'n8n-workflow' */
/** @import { Send } from './fields' */

/**
 * @typedef {{ name: string, description: string, fields: INodeProperties[],
 *   run: (send: Send, values: any) => Promise<IDataObject | IDataObject[]> }} Operation
 */

/** @type {Operation['run']} */
const createInvoice = async (send, { sourceId, send: isSent, items, invoiceDate, dueDate, tax, ...rest }) => {
  const days = { invoiceDate: day(invoiceDate), dueDate: day(dueDate) };
  const body = { ...filled(rest), ...taxed(tax), ...days, items: lines(items) };
  const invoice = await createOnce(send, 'invoice', '/invoices', sourceId, body);
  if (!isSent || invoice.status !== 'draft') return invoice;
  const key = `${keyOf('invoice', sourceId)}-send`;
  return send('PATCH', `/invoices/${invoice.id}`, { body: { status: 'sent' }, key });
};

/** @type {Operation['run']} */
const createBill = async (send, { sourceId, open, items, billDate, dueDate, tax, ...rest }) => {
  const key = keyOf('bill', sourceId);
  const days = { billDate: day(billDate), dueDate: day(dueDate) };
  const body = { ...filled(rest), ...taxed(tax), ...days, items: lines(items) };
  const bill = await send('POST', '/bills', { body, key });
  return open ? send('PATCH', `/bills/${bill.id}`, { body: { status: 'open' }, key: `${key}-open` }) : bill;
};

/** @type {Record<string, Operation>} */
const OPERATIONS = {
  createInvoice: {
    name: 'Create Invoice',
    description: 'Draft an invoice, and send it if you want',
    fields: [
      SOURCE_ID,
      field('clientId', 'Client ID', 'Your own id of the client (letters, digits, - and _), or that of a party'),
      field('clientName', 'Client Name', 'As the invoice shows it', OPTIONAL),
      field('invoiceDate', 'Invoice Date', 'A day', DAY),
      field('dueDate', 'Due Date', 'The day by which it must be paid', DAY),
      LINES,
      TAX,
      field('notes', 'Notes', 'Up to 5,000 characters', OPTIONAL),
      field('send', 'Send It', 'Whether it is sent at once', { type: 'boolean', default: false }),
    ],
    run: createInvoice,
  },
  createBill: {
    name: 'Create Bill',
    description: 'Enter a bill of a vendor, and open it for payment if you want',
    fields: [
      SOURCE_ID,
      field('vendorId', 'Vendor ID', 'Your own id of the vendor (letters, digits, - and _), or that of a party'),
      field('vendorName', 'Vendor Name', 'As the bill shows it', OPTIONAL),
      field('billNumber', 'Bill Number', "The vendor's number"),
      field('billDate', 'Bill Date', 'A day', DAY),
      field('dueDate', 'Due Date', 'The day by which it must be paid', DAY),
      LINES,
      TAX,
      field('notes', 'Notes', 'Up to 5,000 characters', OPTIONAL),
      field('open', 'Open It', 'Whether it is opened at once', { type: 'boolean', default: false }),
    ],
    run: createBill,
  },
  requestLeave: {
    name: 'Request Leave',
    description: 'Ask for leave of an employee',
    fields: [
      SOURCE_ID,
      field('employeeId', 'Employee ID', 'Your own id of the employee (letters, digits, - and _), or that of the service'),
      field('employeeName', 'Employee Name', 'As the request shows it', OPTIONAL),
      field('type', 'Type', 'Of the leave', oneOf('earned', 'sick')),
      field('startDate', 'First Day', 'A day', DAY),
      field('endDate', 'Last Day', 'A day, not before the first', DAY),
      field('dayPart', 'Part of the Day', 'Of a leave of one day', oneOf('full', 'first_half', 'second_half')),
      field('reason', 'Reason', 'Up to 2,000 characters', OPTIONAL),
    ],
    run: (send, { sourceId, startDate, endDate, ...rest }) => {
      const body = { ...filled(rest), startDate: day(startDate), endDate: day(endDate) };
      return send('POST', '/leaves', { body, key: keyOf('leave', sourceId) });
    },
  },
  recordPayment: {
    name: 'Record Payment',
    description: 'Record a payment of a sent invoice or of an open bill',
    fields: [
      SOURCE_ID,
      field('document', 'Of', 'What was paid', oneOf('invoices', 'bills')),
      field('documentId', 'ID', 'Of the invoice or the bill'),
      field('amount', 'Amount', 'At most what is still to be paid'),
      field('paidOn', 'Paid On', 'A day, not after today', DAY),
      field('kind', 'Kind', 'Money, withheld tax, or a remainder', oneOf('payment', 'tds', 'write_off', 'round_off')),
      field('method', 'Method', 'Such as UPI', OPTIONAL),
      field('reference', 'Reference', 'Such as the number of the transfer; the source ID if it is empty', OPTIONAL),
    ],
    run: (send, { sourceId, document, documentId, paidOn, reference, ...rest }) => {
      const body = { ...filled(rest), reference: reference || String(sourceId), paidOn: day(paidOn) };
      const path = `/${document}/${encodeURIComponent(documentId)}/payments`;
      return send('POST', path, { body, key: keyOf('payment', sourceId) });
    },
  },
  decideLeave: {
    name: 'Decide Leave',
    description: 'Approve or deny a leave that waits for a decision',
    fields: [
      SOURCE_ID,
      field('leaveId', 'Leave ID', 'From the trigger or from an earlier node'),
      field('status', 'Decision', 'It is final', oneOf('approved', 'denied')),
      field('note', 'Note', 'Why, for the employee', OPTIONAL),
    ],
    run: (send, { sourceId, leaveId, ...body }) => {
      const path = `/leaves/${encodeURIComponent(leaveId)}`;
      return send('PATCH', path, { body: filled(body), key: keyOf('decision', sourceId) });
    },
  },
  createParty: {
    name: 'Create Party',
    description: 'Add a client or a vendor, whom invoices and bills can name',
    fields: [
      SOURCE_ID,
      field('name', 'Name', 'As documents show it'),
      field('roles', 'Roles', 'What it is', {
        type: 'multiOptions',
        options: [{ name: 'Client', value: 'client' }, { name: 'Vendor', value: 'vendor' }],
        default: ['client'],
      }),
      field('gstin', 'GSTIN', 'It gives the State and the PAN', OPTIONAL),
      field('gstTreatment', 'GST Treatment', 'By default, a party with a GSTIN is registered, and one without is not', {
        ...oneOf('', 'registered', 'composition', 'unregistered', 'consumer', 'sez', 'overseas', 'deemed_export'),
        ...OPTIONAL,
      }),
      field('stateCode', 'State', 'The GST code of a State, such as 27, for a party without a GSTIN', OPTIONAL),
      field('pan', 'PAN', 'For a party without a GSTIN', OPTIONAL),
      field('email', 'Email', 'An address', OPTIONAL),
      field('phone', 'Phone', 'Such as +91 98450 12345', OPTIONAL),
      field('address', 'Address', 'Up to 500 characters', OPTIONAL),
      field('externalId', 'Your Own ID', 'Documents that name it belong to the party', OPTIONAL),
    ],
    run: (send, { sourceId, ...body }) => createOnce(send, 'party', '/parties', sourceId, filled(body)),
  },
  createEmployee: {
    name: 'Create Employee',
    description: 'Add an employee, whom leaves can name',
    fields: [
      SOURCE_ID,
      field('name', 'Name', 'As leaves show it'),
      field('email', 'Email', 'An address', OPTIONAL),
      field('externalId', 'Your Own ID', 'Leaves that name it belong to the employee', OPTIONAL),
      field('joinedOn', 'First Day at Work', 'A day', { ...DAY, ...OPTIONAL }),
      field('leftOn', 'Last Day at Work', 'A day', { ...DAY, ...OPTIONAL }),
    ],
    run: (send, { sourceId, joinedOn, leftOn, ...rest }) => {
      const body = filled({ ...rest, joinedOn: joinedOn && day(joinedOn), leftOn: leftOn && day(leftOn) });
      return createOnce(send, 'employee', '/employees', sourceId, body);
    },
  },
  ...NOTES,
  findInvoice: {
    name: 'Find Invoice',
    description: 'Find an invoice by its number',
    fields: [field('invoiceNumber', 'Invoice Number', 'The whole number')],
    run: async (send, { invoiceNumber }) => {
      const number = String(invoiceNumber).trim();
      const found = await send('GET', '/invoices', { qs: { search: number, limit: 100 } });
      return found.filter((/** @type {any} */ each) => each.invoiceNumber.toLowerCase() === number.toLowerCase());
    },
  },
  findInvoicesOfClient: {
    name: 'Find Invoices of a Client',
    description: 'Find the newest invoices by the name or the id of a client',
    fields: [field('client', 'Client', 'A name or an id, or a part of it')],
    run: (send, { client }) => send('GET', '/invoices', { qs: { search: client, limit: 50 } }),
  },
};

module.exports = { OPERATIONS };
