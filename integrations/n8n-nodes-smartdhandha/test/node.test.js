'use strict';

const assert = require('node:assert');
const { test } = require('node:test');

const { Place } = require('./n8n');
const { apiKey, RUN, today, url } = require('../../testing');

const credentials = { url: `${url}/`, apiKey };

/** Run the node on one item; all fields that it needs must be there. */
const run = (operation, parameters, options) => {
  const place = new Place('smartDhandha', { operation, sourceId: `${operation} ${RUN}`, ...parameters }, { credentials });
  assert.deepEqual(place.issues, {});
  return place.execute(options);
};

const items = { line: [{ description: 'Consulting', quantity: 20, unitPrice: '3500', taxRate: '18', hsnSac: '' }] };
const INVOICE = { clientId: `acme-${RUN}`, invoiceDate: `${today()}T00:00:00.000+05:30`, dueDate: '2099-01-31', items };
const BILL = { vendorId: RUN, billNumber: `N-${RUN}`, billDate: today(), dueDate: '2099-01-31', items, open: true };
const LEAVE = { employeeId: RUN, startDate: '2099-03-01', endDate: '2099-03-03' };

test('the test of the credential asks who it is, and a wrong key fails it', async () => {
  const right = await new Place('smartDhandha', {}, { credentials }).testCredential();
  assert.equal(right.body.data.key.lastFour, credentials.apiKey.slice(-4));
  const wrong = { ...credentials, apiKey: 'sd_live_wrong' };
  assert.equal((await new Place('smartDhandha', {}, { credentials: wrong }).testCredential()).statusCode, 401);
});

test('a field that is missing is shown before anything runs', () => {
  const place = new Place('smartDhandha', { operation: 'createInvoice' }, { credentials });
  const missing = ['sourceId', 'clientId', 'invoiceDate', 'dueDate', 'description', 'unitPrice'];
  assert.deepEqual(Object.keys(place.issues), missing);
});

test('an invoice is drafted, sent and found', async () => {
  const [invoice] = await run('createInvoice', { ...INVOICE, send: true });
  assert.deepEqual([invoice.status, invoice.totalAmount, invoice.dueDate], ['sent', '82600.00', '2099-01-31']);
  const [found, ...others] = await run('findInvoice', { invoiceNumber: invoice.invoiceNumber.toLowerCase() });
  assert.deepEqual([found.id, others], [invoice.id, []]);
  assert.deepEqual((await run('findInvoicesOfClient', { client: INVOICE.clientId })).map((each) => each.id), [invoice.id]);
});

test('an execution that runs again makes no second invoice, also when the fields have changed', async () => {
  const once = { ...INVOICE, sourceId: `order ${RUN}` };
  const both = await Promise.all([run('createInvoice', once), run('createInvoice', once)]);
  const later = await run('createInvoice', { ...once, dueDate: '2099-02-28' });
  assert.equal(new Set([...both, later].map(([each]) => each.id)).size, 1);
});

test('a bill is entered, opened and paid once', async () => {
  const [bill] = await run('createBill', BILL);
  assert.equal(bill.status, 'open');
  const payment = { document: 'bills', documentId: bill.id, amount: '600.00', paidOn: today() };
  for (const [paid] of [await run('recordPayment', payment), await run('recordPayment', payment)]) {
    assert.equal(paid.balanceDue, '82000.00');
  }
});

test('a leave is requested and decided', async () => {
  const [leave] = await run('requestLeave', LEAVE);
  const [decided] = await run('decideLeave', { leaveId: leave.id, status: 'approved', note: 'Enjoy' });
  assert.deepEqual([leave.status, decided.status, decided.decisionNote], ['pending', 'approved', 'Enjoy']);
});

test('an invoice has a discount, a place of supply and a round total', async () => {
  const line = { description: 'Cloth', quantity: 3, unitPrice: '33.33', taxRate: '12', discountPercent: '', cessRate: '' };
  const tax = { discountPercent: '10', placeOfSupply: '29', reverseCharge: false, roundOff: 'nearest' };
  const both = { line: [line, { ...line, discountAmount: '99.99' }] };
  const [invoice] = await run('createInvoice', { ...INVOICE, sourceId: `tax ${RUN}`, items: both, tax });
  assert.deepEqual([invoice.discount, invoice.placeOfSupply, invoice.roundOff], [{ percent: '10' }, '29', '0.21']);
  assert.deepEqual([invoice.items[1].discount, invoice.totalAmount], [{ amount: '99.99' }, '101.00']);
});

test('a party and an employee are added once, and documents can name them', async () => {
  const party = { name: 'Mills', roles: ['client', 'vendor'], stateCode: '27', externalId: `mills-${RUN}` };
  const [[mills], [again]] = [await run('createParty', party), await run('createParty', { ...party, name: 'Zeta' })];
  assert.deepEqual([mills.roles, again.id], [['client', 'vendor'], mills.id]);
  const of = { ...BILL, sourceId: `of ${RUN}`, vendorId: mills.id, billNumber: `P-${RUN}` };
  assert.equal((await run('createBill', of))[0].vendorName, 'Mills');

  const [asha] = await run('createEmployee', { name: 'Asha Rao', joinedOn: '2024-04-01T00:00:00.000+05:30' });
  assert.deepEqual([asha.joinedOn, asha.leftOn, asha.status], ['2024-04-01', null, 'active']);
});

test('notes are made and issued once, and what a credit note leaves is refunded once', async () => {
  const [invoice] = await run('createInvoice', { ...INVOICE, sourceId: `noted ${RUN}`, send: true });
  const payment = { sourceId: `noted ${RUN}`, document: 'invoices', documentId: invoice.id, amount: '82600.00', paidOn: today() };
  await run('recordPayment', payment);
  const returned = { invoiceId: invoice.id, reason: 'Returned', items: { line: [{ lineNumber: 1, quantity: '2' }] }, issue: true };
  const [[note], [again]] = [await run('createCreditNote', returned), await run('createCreditNote', { ...returned, reason: 'x' })];
  assert.deepEqual([note.status, note.totalAmount, note.refundDue, again.id], ['issued', '8260.00', '8260.00', note.id]);
  const refund = { note: 'credit-notes', noteId: note.id, amount: '1000.00' };
  for (const [left] of [await run('recordRefund', refund), await run('recordRefund', refund)]) {
    assert.equal(left.refundDue, '7260.00');
  }

  const [more] = await run('createDebitNote', { invoiceId: invoice.id, reason: 'Freight', amount: '118' });
  assert.deepEqual([more.status, more.totalAmount, more.number], ['draft', '118.00', null]);

  const [bill] = await run('createBill', { ...BILL, sourceId: `noted ${RUN}`, billNumber: `C-${RUN}` });
  const entered = { billId: bill.id, number: `CR-${RUN}`, reason: 'Damaged', date: today(), issue: true };
  const [credit] = await run('createVendorCredit', entered);
  assert.deepEqual([credit.status, credit.totalAmount, credit.refundDue], ['issued', '82600.00', '0.00']);
});

test('an error names each wrong field, or goes on as an item', async () => {
  const wrong = { ...LEAVE, sourceId: `wrong ${RUN}`, endDate: '2099-02-01' };
  await assert.rejects(run('requestLeave', wrong), { name: 'NodeApiError', httpCode: '422', description: /endDate: .*before/ });
  const [item] = await run('requestLeave', wrong, { continueOnFail: true });
  assert.match(item.error, /before|field/);
});
