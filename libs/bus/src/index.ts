export * from './bus.js';
export * from './inbox.js';
export * from './kafka-config.js';
export * from './relay/relay.js';
