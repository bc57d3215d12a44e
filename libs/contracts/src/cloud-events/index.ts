export * from './outside-event.js';
export { parseCloudEvent } from './parse-cloud-event.js';
export { completeBatch, completeDecay } from './read-data.js';
