'use strict';

const { NodeApiError } = require('n8n-workflow');

/** @import { IDataObject, IExecuteFunctions, IHookFunctions, IHttpRequestMethods } from 'n8n-workflow' */

const CREDENTIAL = 'smartDhandhaApi';

/**
 * Send a request with the node's credential, and return the data of the response. A failure becomes an error that a
 * person can read, with each wrong field.
 *
 * @param {IExecuteFunctions | IHookFunctions} context
 * @param {IHttpRequestMethods} method
 * @param {string} path
 * @param {{ body?: IDataObject, qs?: IDataObject, key?: string }} [more] `key` makes a repetition harmless.
 * @returns {Promise<any>}
 */
const request = async (context, method, path, { body, qs, key } = {}) => {
  const credentials = await context.getCredentials(CREDENTIAL);
  const base = String(credentials.url).replace(/\/+$/, '');
  const response = await context.helpers.httpRequestWithAuthentication.call(context, CREDENTIAL, {
    method,
    url: `${base}/api/v1${path}`,
    body,
    qs,
    headers: key ? { 'Idempotency-Key': key } : {},
    json: true,
    returnFullResponse: true,
    ignoreHttpStatusErrors: true,
  });
  if (response.statusCode < 400) return response.body.data;
  const error = response.body?.error ?? { message: `The service answered ${response.statusCode}.` };
  const fields = (error.details ?? []).map((/** @type {any} */ each) => `${each.field}: ${each.message}`);
  throw new NodeApiError(context.getNode(), error, {
    message: error.message,
    description: fields.join('\n'),
    httpCode: String(response.statusCode),
  });
};

module.exports = { CREDENTIAL, request };
