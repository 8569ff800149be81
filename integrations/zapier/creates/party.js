'use strict';

const { field, OPTIONAL, SOURCE_ID, createOnce } = require('./fields');

/** Add a party, or find the one that an earlier run has added for the same source. */
const perform = (z, bundle) => {
  const { sourceId, ...body } = bundle.inputData;
  return createOnce(z, bundle, 'party', '/parties', sourceId, body);
};

module.exports = {
  key: 'party',
  noun: 'Party',
  display: { label: 'Create Party', description: 'Adds a client or a vendor, whom invoices and bills can name.' },
  operation: {
    inputFields: [
      SOURCE_ID,
      field('name', 'Name', 'As documents show it.'),
      field('roles', 'Roles', 'What it is.', { list: true, choices: { client: 'Client', vendor: 'Vendor' } }),
      field('gstin', 'GSTIN', 'It gives the State and the PAN.', OPTIONAL),
      field('gstTreatment', 'GST treatment', 'Registered with a GSTIN, and unregistered without one, if empty.', {
        choices: ['registered', 'composition', 'unregistered', 'consumer', 'sez', 'overseas', 'deemed_export'],
        ...OPTIONAL,
      }),
      field('stateCode', 'State', 'The GST code of a State, such as 27, for a party without a GSTIN.', OPTIONAL),
      field('pan', 'PAN', 'For a party without a GSTIN.', OPTIONAL),
      field('email', 'E-mail', 'An address.', OPTIONAL),
      field('phone', 'Phone', 'Such as +91 98450 12345.', OPTIONAL),
      field('address', 'Address', 'Up to 500 characters.', { type: 'text', ...OPTIONAL }),
      field('externalId', 'Your own id', 'Documents that name it belong to the party. No other party has the same.', OPTIONAL),
    ],
    perform,
    sample: { id: 'party_1', name: 'Acme Traders', roles: ['client'], status: 'active' },
  },
};
