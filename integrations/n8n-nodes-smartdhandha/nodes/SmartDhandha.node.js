'use strict';

const { NodeConnectionTypes } = require('n8n-workflow');

const { OPERATIONS } = require('./operations');
const { CREDENTIAL, request } = require('./requests');

/** @import { IExecuteFunctions, INodeExecutionData, INodeProperties, INodeType, INodeTypeDescription } from 'n8n-workflow' */

/** @type {INodeProperties} */
const OPERATION = {
  displayName: 'Operation',
  name: 'operation',
  type: 'options',
  noDataExpression: true,
  options: Object.entries(OPERATIONS).map(([value, { name, description }]) => ({
    name, value, description, action: name,
  })),
  default: 'createInvoice',
};

/** The fields of each operation, which n8n shows when it is chosen. */
const FIELDS = Object.entries(OPERATIONS).flatMap(([operation, { fields }]) =>
  fields.map((each) => ({ ...each, displayOptions: { show: { operation: [operation] } } })));

/** @implements {INodeType} */
class SmartDhandha {
  /** @type {INodeTypeDescription} */
  description = {
    displayName: 'SmartDhandha',
    name: 'smartDhandha',
    icon: 'file:smartdhandha.svg',
    group: ['output'],
    version: 1,
    subtitle: '={{$parameter["operation"]}}',
    description: 'Invoices, bills and leaves of SmartDhandha',
    defaults: { name: 'SmartDhandha' },
    inputs: [NodeConnectionTypes.Main],
    outputs: [NodeConnectionTypes.Main],
    credentials: [{ name: CREDENTIAL, required: true }],
    properties: [OPERATION, ...FIELDS],
  };

  /** @this {IExecuteFunctions} */
  async execute() {
    /** @type {INodeExecutionData[]} */
    const results = [];
    for (const item of this.getInputData().keys()) {
      const add = (/** @type {any} */ json) => results.push({ json, pairedItem: { item } });
      try {
        const { fields, run } = OPERATIONS[/** @type {string} */ (this.getNodeParameter('operation', item))];
        const values = Object.fromEntries(fields.map(({ name }) => [name, this.getNodeParameter(name, item)]));
        const data = await run((...wanted) => request(this, ...wanted), values);
        for (const each of Array.isArray(data) ? data : [data]) add(each);
      } catch (error) {
        if (!this.continueOnFail()) throw error;
        add({ error: /** @type {Error} */ (error).message });
      }
    }
    return [results];
  }
}

module.exports = { SmartDhandha };
