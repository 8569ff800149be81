'use strict';

const { field, OPTIONAL, DAY, SOURCE_ID, day, createOnce } = require('./fields');

/** Add an employee, or find the one that an earlier run has added for the same source. */
const perform = (z, bundle) => {
  const { sourceId, joinedOn, leftOn, ...rest } = bundle.inputData;
  const body = { ...rest, joinedOn: day(joinedOn), leftOn: day(leftOn) };
  return createOnce(z, bundle, 'employee', '/employees', sourceId, body);
};

module.exports = {
  key: 'employee',
  noun: 'Employee',
  display: { label: 'Create Employee', description: 'Adds an employee, whom leaves can name.' },
  operation: {
    inputFields: [
      SOURCE_ID,
      field('name', 'Name', 'As leaves show it.'),
      field('email', 'E-mail', 'An address.', OPTIONAL),
      field('externalId', 'Your own id', 'Leaves that name it belong to the employee. No other one has the same.', OPTIONAL),
      field('joinedOn', 'First day at work', 'A day.', { ...DAY, ...OPTIONAL }),
      field('leftOn', 'Last day at work', 'A day.', { ...DAY, ...OPTIONAL }),
    ],
    perform,
    sample: { id: 'employee_1', name: 'Asha Rao', status: 'active' },
  },
};
