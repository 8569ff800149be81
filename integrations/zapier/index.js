'use strict';

const { version: platformVersion } = require('zapier-platform-core');

const { version } = require('./package.json');
const authentication = require('./authentication');
const { authorize, refuse } = require('./requests');
const creates = require('./creates');
const searches = require('./searches');
const triggers = require('./triggers');

/** Index the actions by their key, as Zapier wants them. */
const byKey = (actions) => Object.fromEntries(actions.map((action) => [action.key, action]));

module.exports = {
  version,
  platformVersion,
  authentication,
  beforeRequest: [authorize],
  afterResponse: [refuse],
  triggers: byKey(triggers),
  searches: byKey(searches),
  creates: byKey(creates),
};
