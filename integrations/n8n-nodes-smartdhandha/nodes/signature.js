'use strict';

const { createHmac, timingSafeEqual } = require('node:crypto');

const TOLERANCE_SECONDS = 300;

/**
 * Whether a delivery was signed with the secret (Standard Webhooks 1.0), at most five minutes ago.
 *
 * @param {string} secret with its beginning, `whsec_`
 * @param {import('node:http').IncomingHttpHeaders} headers
 * @param {Buffer} body the bytes that arrived
 */
const isGenuine = (secret, headers, body) => {
  const id = String(headers['webhook-id'] ?? '');
  const at = String(headers['webhook-timestamp'] ?? '');
  if (!/^\d+$/.test(at) || Math.abs(Date.now() / 1000 - Number(at)) > TOLERANCE_SECONDS) return false;
  const key = Buffer.from(secret.replace('whsec_', ''), 'base64');
  const digest = createHmac('sha256', key).update(`${id}.${at}.`).update(body).digest('base64');
  const expected = Buffer.from(`v1,${digest}`);
  const signatures = String(headers['webhook-signature'] ?? '').split(' ').map((each) => Buffer.from(each));
  return signatures.some((each) => each.length === expected.length && timingSafeEqual(each, expected));
};

module.exports = { isGenuine };
