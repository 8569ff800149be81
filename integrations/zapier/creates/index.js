'use strict';

module.exports = [
  require('./invoice'),
  require('./bill'),
  require('./leave'),
  require('./payment'),
  require('./decision'),
  require('./party'),
  require('./employee'),
  ...require('./note'),
  require('./refund'),
];
