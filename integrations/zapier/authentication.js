'use strict';

const { apiUrl } = require('./requests');

const test = async (z, bundle) => {
  const response = await z.request({ url: apiUrl(bundle, '/me') });
  return response.data.data;
};

module.exports = {
  type: 'custom',
  fields: [
    {
      key: 'url',
      label: 'Address',
      required: true,
      helpText: 'Where your SmartDhandha is, such as https://books.example.in. Zapier must be able to reach it.',
    },
    {
      key: 'apiKey',
      label: 'API key',
      type: 'password',
      required: true,
      helpText: 'Begins with sd_live_. Make one in Settings → Developer, with the scopes that your Zaps need.',
    },
  ],
  test, // costs no credit
  connectionLabel: '{{organization.name}}, {{key.name}} (…{{key.lastFour}})',
};
