'use strict';

/** @import { IAuthenticateGeneric, ICredentialTestRequest, ICredentialType, INodeProperties } from 'n8n-workflow' */

/** @implements {ICredentialType} */
class SmartDhandhaApi {
  name = 'smartDhandhaApi';
  displayName = 'SmartDhandha API';

  /** @type {INodeProperties[]} */
  properties = [
    {
      displayName: 'Address',
      name: 'url',
      type: 'string',
      default: '',
      required: true,
      placeholder: 'https://books.example.in',
      description: 'Where your SmartDhandha is. n8n must be able to reach it.',
    },
    {
      displayName: 'API Key',
      name: 'apiKey',
      type: 'string',
      typeOptions: { password: true },
      default: '',
      required: true,
      description: 'Begins with sd_live_. Make one in Settings → Developer, with the scopes that your workflows need.',
    },
  ];

  /** @type {IAuthenticateGeneric} */
  authenticate = { type: 'generic', properties: { headers: { Authorization: '=Bearer {{$credentials.apiKey}}' } } };

  /** It costs no credit. @type {ICredentialTestRequest} */
  test = { request: { baseURL: '={{$credentials.url.replace(/\\/+$/, "")}}/api/v1', url: '/me' } };
}

module.exports = { SmartDhandhaApi };
