export * from './faulty-bus.js';
export * from './sample-message.js';
