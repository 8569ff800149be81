'use strict';

const { request } = require('./requests');

/** @import { IHookFunctions } from 'n8n-workflow' */

/** @param {IHookFunctions} context */
const address = (context) => String(context.getNodeWebhookUrl('default'));

/** @param {IHookFunctions} context @returns {string[] | null} null for all types */
const types = (context) => {
  const chosen = /** @type {string[]} */ (context.getNodeParameter('types', []));
  return chosen.length ? chosen : null;
};

/** The hooks that lead to this node. They are found by their address, because n8n can lose what a workflow remembers. */
const find = (/** @type {IHookFunctions} */ context) =>
  request(context, 'GET', '/webhooks', { qs: { url: address(context) } });

/** @param {string[] | null} some @param {string[] | null} others */
const same = (some, others) => JSON.stringify(some?.toSorted()) === JSON.stringify(others?.toSorted());

/** Whether there is an active hook for what this node wants, whose signatures it can check. */
const isComplete = async (/** @type {IHookFunctions} */ context) => {
  const [hook, ...others] = await find(context);
  const kept = context.getWorkflowStaticData('node');
  const isKnown = kept.secret !== undefined && kept.hookId === hook?.id;
  return isKnown && others.length === 0 && hook.status === 'active' && same(hook.types ?? null, types(context));
};

/**
 * Make a hook, or mend the one that exists: it gets the types and goes on where it stopped. Its secret is only shown
 * once, so a node that does not know it asks for a new one.
 */
const ensure = async (/** @type {IHookFunctions} */ context) => {
  const kept = context.getWorkflowStaticData('node');
  const wanted = types(context);
  const [existing, ...others] = await find(context);
  for (const each of others) await request(context, 'DELETE', `/webhooks/${each.id}`);
  if (!existing) {
    const body = { url: address(context), types: wanted ?? undefined, description: `n8n: ${context.getWorkflow().name}` };
    const made = await request(context, 'POST', '/webhooks', { body });
    Object.assign(kept, { hookId: made.id, secret: made.secret });
    return;
  }
  const { id } = existing;
  if (existing.status !== 'active' || !same(existing.types ?? null, wanted)) {
    await request(context, 'PATCH', `/webhooks/${id}`, { body: { types: wanted, status: 'active' } });
  }
  if (kept.hookId === id && kept.secret !== undefined) return;
  const { secret } = await request(context, 'POST', `/webhooks/${id}/rotate`, { body: {} });
  Object.assign(kept, { hookId: id, secret });
};

const remove = async (/** @type {IHookFunctions} */ context) => {
  for (const each of await find(context)) await request(context, 'DELETE', `/webhooks/${each.id}`);
  const kept = context.getWorkflowStaticData('node');
  delete kept.hookId;
  delete kept.secret;
};

module.exports = { isComplete, ensure, remove };
