'use strict';

/** What the tests of the connectors share: requests to the service without a connector, and a receiver of webhooks. */

const assert = require('node:assert');
const { createServer } = require('node:http');
const { setTimeout: pause } = require('node:timers/promises');

const { SD_URL: url, SD_KEY: apiKey } = process.env;

/** Part of every id, so that the tests can run again in the same organization. */
const RUN = String(Date.now());

/** Send a request, and return the data of the response. */
const call = async (method, path, body) => {
  const headers = { Authorization: `Bearer ${apiKey}`, 'Content-Type': 'application/json' };
  const response = await fetch(`${url}/api/v1${path}`, { method, headers, body: body && JSON.stringify(body) });
  const answer = await response.json();
  assert.ok(response.ok, `${method} ${path}: ${JSON.stringify(answer)}`);
  return answer.data;
};

/** The webhooks that lead to an address. */
const hooksOf = (address) => call('GET', `/webhooks?url=${encodeURIComponent(address)}`);

/** Wait until `find` returns something, and return it. */
const until = async (find, what) => {
  for (const end = Date.now() + 30_000; Date.now() < end; await pause(50)) {
    const found = await find();
    if (found) return found;
  }
  throw new assert.AssertionError({ message: `no ${what} within 30 seconds` });
};

/** A server in the place of the platform's, which keeps what is posted. Returns its requests and its address. */
const receive = async () => {
  const requests = [];
  const server = createServer(async (request, response) => {
    const rawBody = Buffer.concat(await request.toArray());
    requests.push({ path: request.url, headers: request.headers, rawBody });
    response.end();
  });
  await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
  const close = () => (server.closeAllConnections(), server.close());
  return { requests, close, url: `http://127.0.0.1:${server.address().port}` };
};

/** The current day in the time zone of organizations. */
const today = () => new Intl.DateTimeFormat('en-CA', { timeZone: 'Asia/Kolkata' }).format(new Date());

module.exports = { apiKey, call, hooksOf, receive, RUN, today, until, url };
