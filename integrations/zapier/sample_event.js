'use strict';

/** What Zapier shows while there is no event yet: its shape is that of GET /events?include=object. */

const DOCUMENT = {
  status: 'paid', currency: 'INR', dueDate: '2026-12-27', totalAmount: '82600.00', balanceDue: '0.00', isOverdue: false,
};
const OBJECTS = {
  invoice: { id: 'inv_1', invoiceNumber: 'INV-2026-27-0001', clientId: 'acme', clientName: 'Acme Traders', ...DOCUMENT },
  bill: { id: 'bill_1', billNumber: 'KS/118', vendorId: 'kaveri', vendorName: 'Kaveri Stationers', ...DOCUMENT },
  leave: {
    id: 'leave_1', employeeId: 'asha', employeeName: 'Asha Rao', type: 'earned', status: 'pending',
    startDate: '2026-12-01', endDate: '2026-12-03', days: '3',
  },
};

module.exports = (type) => {
  const resourceType = type.split('.')[0];
  const object = OBJECTS[resourceType];
  const occurredAt = '2026-11-27T09:30:00.000000Z';
  return { id: 'evt_1', position: 118, type, resourceType, resourceId: object.id, occurredAt, data: {}, object };
};
