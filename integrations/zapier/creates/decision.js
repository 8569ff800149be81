'use strict';

const { field, OPTIONAL, SOURCE_ID, idempotencyKey } = require('./fields');
const { write } = require('../requests');

const perform = (z, bundle) => {
  const { sourceId, leaveId, status, note } = bundle.inputData;
  const path = `/leaves/${encodeURIComponent(leaveId)}`;
  return write(z, bundle, 'PATCH', path, { status, note }, idempotencyKey('decision', sourceId));
};

module.exports = {
  key: 'decision',
  noun: 'Decision',
  display: { label: 'Decide Leave', description: 'Approves or denies a leave that waits for a decision.' },
  operation: {
    inputFields: [
      SOURCE_ID,
      field('leaveId', 'Leave id', 'From the trigger or from an earlier step.'),
      field('status', 'Decision', 'It is final.', { choices: { approved: 'Approve', denied: 'Deny' } }),
      field('note', 'Note', 'Why, for the employee.', { type: 'text', ...OPTIONAL }),
    ],
    perform,
    sample: { id: 'leave_1', employeeId: 'asha', status: 'approved', days: '3' },
  },
};
