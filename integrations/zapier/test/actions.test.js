'use strict';

const assert = require('node:assert');
const { test } = require('node:test');
const zapier = require('zapier-platform-core');

const App = require('..');
const { apiKey, RUN, today, url } = require('../../testing');

const authData = { url, apiKey };
const run = zapier.createAppTester(App);
const act = (kind, key, inputData) => run(App[kind][key].operation.perform, { authData, inputData });
const create = (key, inputData) => act('creates', key, { sourceId: `${key}-${RUN}`, ...inputData });

const LINE = { description: 'Consulting', quantity: '20', unitPrice: '3500', taxRate: '18', hsnSac: '' };
const INVOICE = {
  clientId: `acme-${RUN}`, clientName: 'Acme Traders', items: [LINE],
  invoiceDate: `${today()}T00:00:00+05:30`, dueDate: '2099-01-31T00:00:00+05:30',
};
const BILL = {
  vendorId: 'mills', billNumber: `B-${RUN}`, items: [LINE], open: true, billDate: today(), dueDate: '2099-01-31',
};
const LEAVE = { employeeId: `asha-${RUN}`, employeeName: '', type: 'earned', startDate: '2099-03-01', endDate: '2099-03-03' };

test('Zapier finds nothing wrong with the definition', async () => {
  assert.deepEqual((await zapier.createAppHandler(App)({ command: 'validate' })).results, []);
});

test('a connection has the names of the organization and of the key', async () => {
  const me = await run(App.authentication.test, { authData });
  const label = App.authentication.connectionLabel.replace(/{{(.*?)\.(.*?)}}/g, (_, one, two) => me[one][two]);
  assert.match(label, /^\S.*, \S.* \(…\w{4}\)$/);
});

test('a wrong key asks to connect again', async () => {
  const wrong = { ...authData, apiKey: 'sd_live_wrong' };
  await assert.rejects(run(App.authentication.test, { authData: wrong }), { name: 'ExpiredAuthError' });
});

test('an invoice is drafted, sent and found', async () => {
  const invoice = await create('invoice', { ...INVOICE, send: true });
  assert.deepEqual([invoice.status, invoice.totalAmount, invoice.dueDate], ['sent', '82600.00', '2099-01-31']);

  const found = await act('searches', 'invoice_by_number', { invoiceNumber: invoice.invoiceNumber.toLowerCase() });
  assert.deepEqual(found.map((each) => each.id), [invoice.id]);
  assert.deepEqual(await act('searches', 'invoice_by_number', { invoiceNumber: invoice.invoiceNumber.slice(0, -1) }), []);
  const ofClient = await act('searches', 'invoices_of_client', { client: `ACME-${RUN}` });
  assert.deepEqual(ofClient.map((each) => each.id), [invoice.id]);
});

test('a Zap that is replayed makes no second invoice, also when the fields have changed', async () => {
  const once = { sourceId: `deal ${RUN}`, ...INVOICE, clientId: `replayed-${RUN}` };
  const both = await Promise.all([create('invoice', once), create('invoice', once)]);
  const later = await create('invoice', { ...once, dueDate: '2099-02-28' });
  assert.equal(new Set([...both, later].map((each) => each.id)).size, 1);
  assert.equal((await act('searches', 'invoices_of_client', { client: `replayed-${RUN}` })).length, 1);
});

test('a bill is entered, opened and paid once', async () => {
  const bill = await create('bill', BILL);
  assert.equal(bill.status, 'open');
  const payment = { document: 'bills', documentId: bill.id, amount: '600.00', paidOn: today() };
  const paid = await create('payment', payment);
  assert.deepEqual([paid.balanceDue, paid.payments[0].reference], ['82000.00', `payment-${RUN}`]);
  assert.equal((await create('payment', payment)).balanceDue, '82000.00');
});

test('a leave is requested and decided', async () => {
  const leave = await create('leave', LEAVE);
  const decided = await create('decision', { leaveId: leave.id, status: 'approved', note: 'Enjoy' });
  assert.deepEqual([leave.status, decided.status, decided.decisionNote], ['pending', 'approved', 'Enjoy']);
});

test('an invoice has a discount, a place of supply and a round total', async () => {
  const line = { ...LINE, quantity: '3', unitPrice: '33.33', taxRate: '12', discountPercent: '', cessRate: '' };
  const tax = { totalDiscountPercent: '10', placeOfSupply: '29', reverseCharge: false, roundOff: 'nearest' };
  const fields = { ...INVOICE, ...tax, sourceId: `tax-${RUN}`, items: [line, { ...line, discountAmount: '99.99' }] };
  const invoice = await create('invoice', fields);
  assert.deepEqual([invoice.discount, invoice.placeOfSupply, invoice.roundOff], [{ percent: '10' }, '29', '0.21']);
  assert.deepEqual([invoice.items[1].discount, invoice.totalAmount], [{ amount: '99.99' }, '101.00']);
});

test('a party and an employee are added once, and documents can name them', async () => {
  const party = { name: 'Mills', roles: ['client', 'vendor'], stateCode: '27', externalId: `mills-${RUN}`, gstin: '' };
  const [mills, again] = [await create('party', party), await create('party', { ...party, name: 'Mills & Sons' })];
  assert.deepEqual([mills.roles, again.id], [['client', 'vendor'], mills.id]);
  const bill = await create('bill', { ...BILL, sourceId: `of-${RUN}`, vendorId: mills.id, billNumber: `P-${RUN}` });
  assert.equal(bill.vendorName, 'Mills');

  const asha = await create('employee', { name: 'Asha Rao', joinedOn: '2024-04-01T00:00:00+05:30', email: '' });
  assert.deepEqual([asha.joinedOn, asha.leftOn, asha.status], ['2024-04-01', null, 'active']);
});

test('notes are made and issued once, and what a credit note leaves is refunded once', async () => {
  const invoice = await create('invoice', { ...INVOICE, sourceId: `noted-${RUN}`, send: true });
  const payment = { sourceId: `noted-${RUN}`, document: 'invoices', documentId: invoice.id, amount: '82600.00', paidOn: today() };
  await create('payment', payment);
  const returned = { invoiceId: invoice.id, reason: 'Returned', amount: '', items: [{ lineNumber: 1, quantity: '2', lineAmount: '' }], issue: true };
  const [note, again] = [await create('credit_note', returned), await create('credit_note', { ...returned, reason: 'x' })];
  assert.deepEqual([note.status, note.totalAmount, note.refundDue, again.id], ['issued', '8260.00', '8260.00', note.id]);
  const refund = { note: 'credit-notes', noteId: note.id, amount: '1000.00', method: '' };
  assert.equal((await create('refund', refund)).refundDue, '7260.00');
  assert.equal((await create('refund', refund)).refundDue, '7260.00');

  const more = await create('debit_note', { invoiceId: invoice.id, reason: 'Freight', amount: '118', items: [{}], issue: false });
  assert.deepEqual([more.status, more.totalAmount, more.number], ['draft', '118.00', null]);

  const bill = await create('bill', { ...BILL, sourceId: `noted-${RUN}`, billNumber: `C-${RUN}` });
  const credit = await create('vendor_credit', { billId: bill.id, number: `CR-${RUN}`, reason: 'Damaged', date: today(), issue: true });
  assert.deepEqual([credit.status, credit.totalAmount, credit.refundDue], ['issued', '82600.00', '0.00']);
});

test('an error names each wrong field', async () => {
  const wrong = create('leave', { ...LEAVE, sourceId: `wrong-${RUN}`, endDate: '2099-02-01' });
  await assert.rejects(wrong, /endDate: .*before/);
});
