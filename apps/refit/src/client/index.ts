export * from './connect.js';
export type { RefitAddresses, ServiceAddress } from './service-address.js';
export type { CallSettings, ServiceClient } from './service-client.js';
