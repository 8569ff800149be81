'use strict';

/**
 * n8n's place for a node, without n8n: its own package `n8n-workflow` keeps static data, fills and checks parameters,
 * makes addresses and evaluates expressions. Only what n8n's server does is done here: requests and stored workflows.
 */

const { NodeHelpers, Workflow } = require('n8n-workflow');

const { SmartDhandha } = require('../nodes/SmartDhandha.node');
const { SmartDhandhaApi } = require('../credentials/SmartDhandhaApi.credentials');
const { SmartDhandhaTrigger } = require('../nodes/SmartDhandhaTrigger.node');

const TYPES = { smartDhandha: new SmartDhandha(), smartDhandhaTrigger: new SmartDhandhaTrigger() };
const nodeTypes = {
  getByName: (name) => TYPES[name],
  getByNameAndVersion: (name) => TYPES[name],
  getKnownTypes: () => ({}),
};
const credential = new SmartDhandhaApi();

/** One node of a workflow. `staticData` is what n8n has stored with the workflow. */
class Place {
  constructor(type, parameters, { credentials, baseUrl = '', staticData = {} }) {
    this.type = TYPES[type];
    this.credentials = credentials;
    this.baseUrl = baseUrl;
    const { properties } = this.type.description;
    const node = { id: '1', name: 'node', type, typeVersion: 1, position: [0, 0], webhookId: 'f00d', parameters };
    node.parameters = NodeHelpers.getNodeParameters(properties, parameters, true, false, node, this.type.description);
    this.issues = NodeHelpers.getNodeParametersIssues(properties, node, this.type.description)?.parameters ?? {};
    this.workflow = new Workflow({ id: 'w', name: 'Books', nodes: [node], connections: {}, active: true, nodeTypes, staticData });
    this.node = this.workflow.nodes.node;
  }

  evaluate(expression) {
    const keys = { $credentials: this.credentials };
    return this.workflow.expression.getSimpleParameterValue(this.node, expression, 'internal', keys);
  }

  /** What n8n calls `this` in a node. */
  context(more = {}) {
    return {
      getCredentials: async () => this.credentials,
      getNode: () => this.node,
      getWorkflow: () => ({ id: 'w', name: this.workflow.name, active: true }),
      getNodeParameter: (name) => this.node.parameters[name],
      getWorkflowStaticData: (kind) => this.workflow.getStaticData(kind, this.node),
      getNodeWebhookUrl: () =>
        NodeHelpers.getNodeWebhookUrl(this.baseUrl, 'w', this.node, this.type.description.webhooks[0].path),
      helpers: { httpRequestWithAuthentication: (_, options) => this.send(options) },
      ...more,
    };
  }

  async send({ method = 'GET', url, body, qs = {}, headers = {} }) {
    const own = Object.entries(credential.authenticate.properties.headers).map(([name, value]) => [name, this.evaluate(value)]);
    const response = await fetch(`${url}?${new URLSearchParams(qs)}`, {
      method,
      headers: { ...headers, ...Object.fromEntries(own), ...(body && { 'Content-Type': 'application/json' }) },
      body: body && JSON.stringify(body),
    });
    return { statusCode: response.status, body: await response.json() };
  }

  testCredential() {
    const { baseURL, url } = credential.test.request;
    return this.send({ url: this.evaluate(baseURL) + url });
  }

  async execute({ continueOnFail = false } = {}) {
    const context = this.context({ getInputData: () => [{ json: {} }], continueOnFail: () => continueOnFail });
    const [items] = await this.type.execute.call(context);
    return items.map((each) => each.json);
  }

  /** What n8n does when a workflow is activated, also after each start of n8n. */
  async activate() {
    const { checkExists, create } = this.type.webhookMethods.default;
    if (!(await checkExists.call(this.context()))) await create.call(this.context());
  }

  deactivate() {
    return this.type.webhookMethods.default.delete.call(this.context());
  }

  /** A request that has arrived; returns the status, and the items with which the workflow starts. */
  async webhook({ headers, rawBody }) {
    let status = 200;
    const answer = { status: (code) => ((status = code), answer), send: () => answer, end: () => answer };
    const here = { getRequestObject: () => ({ rawBody }), getResponseObject: () => answer, getHeaderData: () => headers };
    const { workflowData } = await this.type.webhook.call(this.context(here));
    return { status, items: workflowData?.[0].map((each) => each.json) };
  }

  /** The node after n8n was started again, with what it has stored. */
  restarted() {
    const staticData = JSON.parse(JSON.stringify(this.workflow.staticData));
    return new Place(this.node.type, this.node.parameters, { ...this, staticData });
  }
}

module.exports = { Place };
