'use strict';

/** All tests in one process: `npm test`. */
require('./node.test');
require('./trigger.test');
