export * from './outside-event.js';
export { loadCloudEvents } from './check-attributes.js';
export { parseCloudEvent } from './parse-cloud-event.js';
export { completeBatch, completeDecay } from './read-data.js';
export { unknownNumbers } from './unknown-fields.js';
export { CloudEventSchema } from '../gen/io/cloudevents/v1/cloudevents_pb.js';
