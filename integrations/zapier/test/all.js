'use strict';

/** All tests in one process: `npm test`. */
require('./actions.test');
require('./triggers.test');
