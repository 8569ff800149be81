'use strict';

const { field, OPTIONAL, DAY, SOURCE_ID, day, idempotencyKey } = require('./fields');
const { write } = require('../requests');

/** Ask for leave. Leaves of a person never overlap, so a run that is replayed after a day is refused (leave_overlap). */
const perform = (z, bundle) => {
  const { sourceId, startDate, endDate, ...rest } = bundle.inputData;
  const body = { ...rest, startDate: day(startDate), endDate: day(endDate) };
  return write(z, bundle, 'POST', '/leaves', body, idempotencyKey('leave', sourceId));
};

module.exports = {
  key: 'leave',
  noun: 'Leave',
  display: { label: 'Request Leave', description: 'Asks for leave of an employee; somebody decides about it later.' },
  operation: {
    inputFields: [
      SOURCE_ID,
      field('employeeId', 'Employee id', 'Your own id of the employee (letters, digits, - and _), or that of the service: employee_….'),
      field('employeeName', 'Employee name', 'As the request shows it.', OPTIONAL),
      field('type', 'Type', 'Of the leave.', { choices: ['earned', 'sick'] }),
      field('startDate', 'First day', 'A day.', DAY),
      field('endDate', 'Last day', 'A day, not before the first.', DAY),
      field('dayPart', 'Part of the day', 'Of a leave of one day.', {
        choices: ['full', 'first_half', 'second_half'],
        ...OPTIONAL,
      }),
      field('reason', 'Reason', 'Up to 2,000 characters.', { type: 'text', ...OPTIONAL }),
    ],
    perform,
    sample: { id: 'leave_1', employeeId: 'asha', status: 'pending', days: '3' },
  },
};
