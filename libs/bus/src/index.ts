export * from './bus.js';
export * from './relay/relay.js';
