'use strict';

const { read } = require('./requests');

const SAMPLE = { id: 'inv_1', invoiceNumber: 'INV-2026-27-0001', status: 'sent', totalAmount: '82600.00' };

const search = (key, label, description, inputField, perform) => ({
  key,
  noun: 'Invoice',
  display: { label, description },
  operation: { inputFields: [{ type: 'string', required: true, ...inputField }], perform, sample: SAMPLE },
});

/** The service finds parts of numbers, too; Zapier uses the first result, which must be the one that was meant. */
const byNumber = async (z, bundle) => {
  const number = bundle.inputData.invoiceNumber.trim();
  const found = await read(z, bundle, '/invoices', { search: number, limit: 100 });
  return found.filter((each) => each.invoiceNumber.toLowerCase() === number.toLowerCase());
};

const ofClient = (z, bundle) => read(z, bundle, '/invoices', { search: bundle.inputData.client, limit: 20 });

module.exports = [
  search(
    'invoice_by_number',
    'Find Invoice by Number',
    'Finds an invoice by its number.',
    { key: 'invoiceNumber', label: 'Invoice number' },
    byNumber,
  ),
  search(
    'invoices_of_client',
    'Find Invoices of a Client',
    'Finds the newest invoices by the name or the id of a client.',
    { key: 'client', label: 'Client', helpText: 'A name or an id, or a part of it.' },
    ofClient,
  ),
];
