'use strict';

const assert = require('node:assert');
const { createServer } = require('node:http');
const { setTimeout: pause } = require('node:timers/promises');

const authData = { url: process.env.SD_URL, apiKey: process.env.SD_KEY };

/** Part of every id, so that the tests can run again in the same organization. */
const RUN = String(Date.now());

/** A request to the service without Zapier; returns the data. */
const call = async (method, path, body) => {
  const headers = { Authorization: `Bearer ${authData.apiKey}`, 'Content-Type': 'application/json' };
  const response = await fetch(`${authData.url}/api/v1${path}`, { method, headers, body: body && JSON.stringify(body) });
  const answer = await response.json();
  assert.ok(response.ok, `${method} ${path}: ${JSON.stringify(answer)}`);
  return answer.data;
};

/** Wait until `find` returns something, and return it. */
const until = async (find, what) => {
  for (const end = Date.now() + 30_000; Date.now() < end; await pause(50)) {
    const found = await find();
    if (found) return found;
  }
  throw new assert.AssertionError({ message: `no ${what} within 30 seconds` });
};

/** A server in the place of Zapier's: keeps the bodies that are posted, by path. Returns it with its address. */
const receive = async () => {
  const bodies = {};
  const server = createServer(async (request, response) => {
    const chunks = await request.toArray();
    (bodies[request.url] ??= []).push(JSON.parse(Buffer.concat(chunks)));
    response.end();
  });
  await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
  const close = () => (server.closeAllConnections(), server.close());
  return { bodies, close, url: `http://127.0.0.1:${server.address().port}` };
};

const today = () => new Intl.DateTimeFormat('en-CA', { timeZone: 'Asia/Kolkata' }).format(new Date());

module.exports = { authData, RUN, call, until, receive, today };
