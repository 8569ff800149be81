'use strict';

const assert = require('node:assert');
const { after, before, test } = require('node:test');
const zapier = require('zapier-platform-core');

const App = require('..');
const { apiKey, call, hooksOf, receive, RUN, today, until, url } = require('../../testing');

const authData = { url, apiKey };
const run = zapier.createAppTester(App);
const operation = (key) => App.triggers[key].operation;
const subscribe = (key, targetUrl) => run(operation(key).performSubscribe, { authData, targetUrl, inputData: {} });

/** The types of events that each trigger is for. */
const EXPECTED = {
  invoice_sent: ['invoice.sent'],
  invoice_paid: ['invoice.paid'],
  invoice_overdue: ['invoice.overdue'],
  bill_opened: ['bill.opened'],
  bill_paid: ['bill.paid'],
  leave_requested: ['leave.requested'],
  leave_decided: ['leave.approved', 'leave.denied'],
  any_event: ['invoice.drafted', 'bill.drafted', 'leave.requested', 'leave.denied'],
};
const LINE = { description: 'Consulting', quantity: 1, unitPrice: 100, taxRate: 0 };

let zaps;
before(async () => (zaps = await receive()));
after(() => zaps.close());

/** Do what causes an event of each type that is expected. */
const cause = async () => {
  const pay = (path) => call('POST', `${path}/payments`, { amount: '100.00', paidOn: today() });
  const late = { clientId: RUN, invoiceDate: '2026-01-01', dueDate: '2026-01-02', items: [LINE] };
  const invoice = await call('POST', '/invoices', late);
  await call('PATCH', `/invoices/${invoice.id}`, { status: 'sent' });
  await pay(`/invoices/${invoice.id}`);
  const bill = { vendorId: RUN, billNumber: `T-${RUN}`, billDate: today(), dueDate: '2099-01-31', items: [LINE] };
  const { id } = await call('POST', '/bills', bill);
  await call('PATCH', `/bills/${id}`, { status: 'open' });
  await pay(`/bills/${id}`);
  for (const status of ['approved', 'denied']) {
    const days = { type: 'sick', startDate: '2099-04-01', endDate: '2099-04-01' };
    const leave = await call('POST', '/leaves', { employeeId: `${status}-${RUN}`, ...days });
    await call('PATCH', `/leaves/${leave.id}`, { status });
  }
};

test('each trigger is started by its events, and ends with its hook', async (t) => {
  const hooks = {};
  for (const key of Object.keys(EXPECTED)) hooks[key] = await subscribe(key, `${zaps.url}/${key}`);
  await cause();

  for (const [key, types] of Object.entries(EXPECTED)) {
    await t.test(key, async () => {
      const bodies = () => zaps.requests.filter((each) => each.path === `/${key}`).map((each) => JSON.parse(each.rawBody));
      const arrived = (type) => bodies().find((each) => each.type === type);
      for (const type of types) {
        const cleanedRequest = await until(() => arrived(type), `delivery of ${type}`);
        const [event] = await run(operation(key).perform, { authData, cleanedRequest, inputData: {} });
        assert.deepEqual([event.type, event.object.id], [type, event.resourceId]);
      }
      if (key !== 'any_event') assert.ok(bodies().every((each) => types.includes(each.type)));

      const [newest] = await run(operation(key).performList, { authData, inputData: {} });
      assert.ok(newest.id.startsWith('evt_') && newest.object);
      assert.deepEqual(Object.keys(operation(key).sample).filter((field) => !(field in newest)), []);

      const ending = { authData, subscribeData: hooks[key], targetUrl: `${zaps.url}/${key}` };
      await run(operation(key).performUnsubscribe, ending);
      await run(operation(key).performUnsubscribe, ending); // a hook that is gone is no error
      assert.deepEqual(await hooksOf(ending.targetUrl), []);
    });
  }
});

test('a trigger that is turned on twice has one hook, which is active', async () => {
  const address = `${zaps.url}/twice`;
  const first = await subscribe('invoice_paid', address);
  await call('PATCH', `/webhooks/${first.id}`, { status: 'paused' });
  assert.deepEqual(await subscribe('invoice_paid', address), first);
  const [hook, ...others] = await hooksOf(address);
  assert.deepEqual([hook.id, hook.status, others], [first.id, 'active', []]);
  await call('DELETE', `/webhooks/${first.id}`);
});

test('events of chosen types are asked for', async () => {
  const inputData = { types: ['leave.requested', 'leave.denied'] };
  const chosen = { authData, targetUrl: `${zaps.url}/chosen`, inputData };
  const { id } = await run(operation('any_event').performSubscribe, chosen);
  assert.deepEqual((await call('GET', `/webhooks/${id}`)).types.toSorted(), inputData.types.toSorted());
  const events = await run(operation('any_event').performList, { authData, inputData });
  assert.ok(events.length > 1 && events.every((each) => inputData.types.includes(each.type)));
  await call('DELETE', `/webhooks/${id}`);
});
