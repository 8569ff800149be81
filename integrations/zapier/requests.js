'use strict';

const apiUrl = (bundle, path) => `${bundle.authData.url.replace(/\/+$/, '')}/api/v1${path}`;

/** Middleware: send the key with each request. */
const authorize = (request, z, bundle) => {
  request.headers.Authorization = `Bearer ${bundle.authData.apiKey}`;
  return request;
};

/**
 * Middleware: turn a failure into an error that a person can read. Zapier holds a run after a ThrottledError and tries
 * it again by itself; after an ExpiredAuthError it asks to connect the account again.
 */
const refuse = (response, z) => {
  if (response.status < 400 || response.skipThrowForStatus) return response;
  const error = response.data?.error ?? { code: 'unknown', message: `The service answered ${response.status}.` };
  const fields = (error.details ?? []).map((each) => `${each.field}: ${each.message}`);
  const message = [error.message, ...fields].join('\n');
  if (response.status === 401) throw new z.errors.ExpiredAuthError(message);
  if (response.status === 429 || response.status === 503) {
    throw new z.errors.ThrottledError(message, Number(response.getHeader('retry-after')) || 60);
  }
  throw new z.errors.Error(message, error.code, response.status);
};

/** GET, and return the data. */
const read = async (z, bundle, path, params = {}) => {
  const response = await z.request({ url: apiUrl(bundle, path), params });
  return response.data.data;
};

/** POST or PATCH so that a repetition with the same key has no second effect, and return the data. */
const write = async (z, bundle, method, path, body, key) => {
  const headers = { 'Idempotency-Key': key };
  const response = await z.request({ method, url: apiUrl(bundle, path), body: filled(body), headers });
  return response.data.data;
};

/** Leave out what the user left empty. */
const filled = (body) => Object.fromEntries(Object.entries(body).filter(([, value]) => value != null && value !== ''));

module.exports = { apiUrl, authorize, refuse, read, write, filled };
