export { checkConfig, configSchema } from './config-schema.js';
export { hideCredentials } from './hide-credentials.js';
