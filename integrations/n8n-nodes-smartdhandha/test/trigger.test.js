'use strict';

const assert = require('node:assert');
const { after, before, beforeEach, afterEach, test } = require('node:test');

const { Place } = require('./n8n');
const { apiKey, call, hooksOf, receive, RUN, until, url } = require('../../testing');

const credentials = { url, apiKey };
const TYPES = ['leave.requested'];

let n8n, trigger, leaves = 0;
before(async () => (n8n = await receive()));
after(() => n8n.close());
beforeEach(async () => {
  trigger = new Place('smartDhandhaTrigger', { types: TYPES }, { credentials, baseUrl: n8n.url });
  await trigger.activate();
});
afterEach(() => trigger.deactivate());

const hooks = () => hooksOf(`${n8n.url}/f00d/events`);

/** Ask for leave; return the leave and the delivery that follows. */
const delivered = async () => {
  const before = n8n.requests.length;
  const days = { type: 'sick', startDate: '2099-04-01', endDate: '2099-04-01' };
  const leave = await call('POST', '/leaves', { employeeId: `n8n-${RUN}-${(leaves += 1)}`, ...days });
  return { leave, delivery: await until(() => n8n.requests[before], 'delivery') };
};

const startsWith = async (place, { leave, delivery }) => {
  const { status, items } = await place.webhook(delivery);
  assert.deepEqual([status, items?.length], [200, 1]);
  assert.deepEqual([items[0].type, items[0].object.id], ['leave.requested', leave.id]);
};

test('an event starts the workflow', async () => {
  await startsWith(trigger, await delivered());
});

test('the sample that a test of the hook posts starts the workflow, too', async () => {
  const count = n8n.requests.length;
  const [{ id }] = await hooks();
  await call('POST', `/webhooks/${id}/test`, {});
  const { status, items } = await trigger.webhook(await until(() => n8n.requests[count], 'sample'));
  assert.deepEqual([status, items[0].type], [200, 'leave.requested']);
});

test('a delivery that was altered, is old or has no signature starts nothing', async () => {
  const { delivery } = await delivered();
  const { 'webhook-signature': _, ...unsigned } = delivery.headers;
  const wrong = [
    { ...delivery, rawBody: Buffer.concat([delivery.rawBody, Buffer.from(' ')]) },
    { ...delivery, headers: { ...delivery.headers, 'webhook-timestamp': '1774500000' } },
    { ...delivery, headers: unsigned },
  ];
  for (const each of wrong) assert.deepEqual(await trigger.webhook(each), { status: 401, items: undefined });
});

test('n8n that is started again has one hook, and its secret still fits', async () => {
  const [first] = await hooks();
  const again = trigger.restarted();
  await again.activate();
  const [second, ...others] = await hooks();
  assert.deepEqual([second.id, second.version, others], [first.id, first.version, []]);
  await startsWith(again, await delivered());
});

test('n8n that has forgotten the secret gets a new one for the same hook', async () => {
  const [first] = await hooks();
  const forgetful = new Place('smartDhandhaTrigger', { types: TYPES }, { credentials, baseUrl: n8n.url });
  await forgetful.activate();
  assert.deepEqual((await hooks()).map((each) => each.id), [first.id]);
  await startsWith(forgetful, await delivered());
});

test('a hook that was paused goes on where it stopped, and gets the types of the node', async () => {
  const [{ id }] = await hooks();
  await call('PATCH', `/webhooks/${id}`, { status: 'paused', types: ['invoice.sent'] });
  await trigger.restarted().activate();
  const [hook, ...others] = await hooks();
  assert.deepEqual([hook.id, hook.status, hook.types, others], [id, 'active', TYPES, []]);
});

test('a workflow that was deactivated leaves no hook', async () => {
  await trigger.deactivate();
  assert.deepEqual(await hooks(), []);
});
