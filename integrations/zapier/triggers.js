'use strict';

const { apiUrl, read, filled } = require('./requests');
const sample = require('./sample_event');

const TYPES = [
  'invoice.drafted', 'invoice.updated', 'invoice.sent', 'invoice.payment_recorded', 'invoice.payment_reversed',
  'invoice.paid', 'invoice.voided', 'invoice.overdue', 'invoice.overdue_cleared',
  'invoice.credited', 'invoice.credit_reversed', 'invoice.debited', 'invoice.debit_reversed',
  'bill.drafted', 'bill.updated', 'bill.opened', 'bill.payment_recorded', 'bill.payment_reversed',
  'bill.paid', 'bill.voided', 'bill.overdue', 'bill.overdue_cleared', 'bill.credited', 'bill.credit_reversed',
  'leave.requested', 'leave.updated', 'leave.approved', 'leave.shortened', 'leave.denied', 'leave.cancelled',
  'party.created', 'party.updated', 'party.archived',
  'employee.created', 'employee.updated', 'employee.archived',
  'credit_note.created', 'credit_note.updated', 'credit_note.issued', 'credit_note.voided', 'credit_note.refunded', 'credit_note.refund_reversed',
  'debit_note.created', 'debit_note.updated', 'debit_note.issued', 'debit_note.voided',
  'vendor_credit.created', 'vendor_credit.updated', 'vendor_credit.issued', 'vendor_credit.voided', 'vendor_credit.refunded', 'vendor_credit.refund_reversed',
];

const CHOOSE_TYPES = {
  key: 'types',
  label: 'Types of events',
  list: true,
  choices: TYPES,
  helpText: 'Leave it empty for all events that the key may read.',
};

/**
 * A trigger that Zapier starts as soon as the service posts an event (a REST hook).
 *
 * Zapier has no place to check the signature of a delivery: a client that knows the secret address of a Zap can start it.
 * An event that is delivered twice starts a Zap twice, with the same `id`.
 */
const trigger = (key, noun, label, description, types) => {
  const chosen = (bundle) => types ?? bundle.inputData.types ?? [];

  const performSubscribe = async (z, bundle) => {
    const wanted = chosen(bundle);
    const body = { url: bundle.targetUrl, description: `Zapier: ${label}`, ...(wanted.length ? { types: wanted } : {}) };
    const response = await z.request({ method: 'POST', url: apiUrl(bundle, '/webhooks'), body });
    const { id, status } = response.data.data; // of the hook that exists, if it is turned on twice
    if (status !== 'active') {
      await z.request({ method: 'PATCH', url: apiUrl(bundle, `/webhooks/${id}`), body: { status: 'active' } });
    }
    return { id }; // not the secret: nothing here uses it
  };

  const performUnsubscribe = async (z, bundle) => {
    const url = apiUrl(bundle, `/webhooks/${bundle.subscribeData.id}`);
    const response = await z.request({ method: 'DELETE', url, skipThrowForStatus: true });
    if (response.status >= 400 && response.status !== 404) response.throwForStatus();
    return {};
  };

  const performList = (z, bundle) => {
    const params = { order: 'desc', limit: 3, include: 'object', type: chosen(bundle).join(',') };
    return read(z, bundle, '/events', filled(params));
  };

  return {
    key,
    noun,
    display: { label, description },
    operation: {
      type: 'hook',
      inputFields: types ? [] : [CHOOSE_TYPES],
      perform: (z, bundle) => [bundle.cleanedRequest.data],
      performList,
      performSubscribe,
      performUnsubscribe,
      sample: sample(types?.[0] ?? 'invoice.paid'),
    },
  };
};

module.exports = [
  trigger('invoice_sent', 'Invoice', 'Invoice Sent', 'Triggers when an invoice is sent.', ['invoice.sent']),
  trigger('invoice_paid', 'Invoice', 'Invoice Paid', 'Triggers when an invoice is paid in full.', ['invoice.paid']),
  trigger('invoice_overdue', 'Invoice', 'Invoice Overdue', 'Triggers when an invoice is past its due date.', ['invoice.overdue']),
  trigger('bill_opened', 'Bill', 'Bill Opened', 'Triggers when a bill is to be paid.', ['bill.opened']),
  trigger('bill_paid', 'Bill', 'Bill Paid', 'Triggers when a bill is paid in full.', ['bill.paid']),
  trigger('leave_requested', 'Leave', 'Leave Requested', 'Triggers when somebody asks for leave.', ['leave.requested']),
  trigger('leave_decided', 'Leave', 'Leave Decided', 'Triggers when a leave is approved or denied.', ['leave.approved', 'leave.denied']),
  trigger('any_event', 'Event', 'Any Event', 'Triggers on each event, or on each of the types that you choose.', null),
];
