export * from './connect.js';
export type { CallSettings, ServiceClient } from './service-client.js';
