'use strict';

const { NodeConnectionTypes } = require('n8n-workflow');

const { ensure, isComplete, remove } = require('./hook');
const { CREDENTIAL } = require('./requests');
const { isGenuine } = require('./signature');

/** @import { IHookFunctions, INodeType, INodeTypeDescription, IWebhookFunctions } from 'n8n-workflow' */

const TYPES = [
  'invoice.drafted', 'invoice.updated', 'invoice.sent', 'invoice.payment_recorded', 'invoice.payment_reversed',
  'invoice.paid', 'invoice.voided', 'invoice.overdue', 'invoice.overdue_cleared',
  'invoice.credited', 'invoice.credit_reversed', 'invoice.debited', 'invoice.debit_reversed',
  'bill.drafted', 'bill.updated', 'bill.opened', 'bill.payment_recorded', 'bill.payment_reversed',
  'bill.paid', 'bill.voided', 'bill.overdue', 'bill.overdue_cleared', 'bill.credited', 'bill.credit_reversed',
  'leave.requested', 'leave.updated', 'leave.approved', 'leave.shortened', 'leave.denied', 'leave.cancelled',
  'party.created', 'party.updated', 'party.archived',
  'employee.created', 'employee.updated', 'employee.archived',
  'credit_note.created', 'credit_note.updated', 'credit_note.issued', 'credit_note.voided', 'credit_note.refunded', 'credit_note.refund_reversed',
  'debit_note.created', 'debit_note.updated', 'debit_note.issued', 'debit_note.voided',
  'vendor_credit.created', 'vendor_credit.updated', 'vendor_credit.issued', 'vendor_credit.voided', 'vendor_credit.refunded', 'vendor_credit.refund_reversed',
];

/**
 * Starts a workflow with each event that the service posts. An event that is delivered twice starts it twice, with the
 * same `id`.
 *
 * @implements {INodeType}
 */
class SmartDhandhaTrigger {
  /** @type {INodeTypeDescription} */
  description = {
    displayName: 'SmartDhandha Trigger',
    name: 'smartDhandhaTrigger',
    icon: 'file:smartdhandha.svg',
    group: ['trigger'],
    version: 1,
    subtitle: '={{$parameter["types"].join(", ") || "all events"}}',
    description: 'Starts the workflow when something happens to an invoice, a bill or a leave',
    defaults: { name: 'SmartDhandha Trigger' },
    inputs: [],
    outputs: [NodeConnectionTypes.Main],
    credentials: [{ name: CREDENTIAL, required: true }],
    webhooks: [{ name: 'default', httpMethod: 'POST', responseMode: 'onReceived', path: 'events' }],
    properties: [
      {
        displayName: 'Types of Events',
        name: 'types',
        type: 'multiOptions',
        options: TYPES.map((type) => ({ name: type, value: type })),
        default: [],
        description: 'All events that the key may read, if it is empty',
      },
    ],
  };

  webhookMethods = {
    default: {
      /** @this {IHookFunctions} */
      async checkExists() {
        return isComplete(this);
      },
      /** @this {IHookFunctions} */
      async create() {
        await ensure(this);
        return true;
      },
      /** @this {IHookFunctions} */
      async delete() {
        await remove(this);
        return true;
      },
    },
  };

  /** @this {IWebhookFunctions} */
  async webhook() {
    const { rawBody } = /** @type {{ rawBody?: Buffer }} */ (/** @type {unknown} */ (this.getRequestObject()));
    const { secret } = this.getWorkflowStaticData('node');
    if (!rawBody || !isGenuine(String(secret ?? ''), this.getHeaderData(), rawBody)) {
      this.getResponseObject().status(401).send('The signature is wrong.').end();
      return { noWebhookResponse: true };
    }
    return { workflowData: [[{ json: JSON.parse(rawBody.toString()).data }]] };
  }
}

module.exports = { SmartDhandhaTrigger };
