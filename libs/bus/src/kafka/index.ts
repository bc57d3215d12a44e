export { openKafka, loadClient, type OpenKafka, type OpenKafkaOptions } from './open-kafka.js';
export type { KafkaBus, KafkaBusStats } from './kafka-bus.js';
export * from './kafka-client.js';
export { eventTopics, outsideTopics, topicOf } from './topics.js';
export { decodeMessage, encodeMessage, UnreadableMessage, type EncodedMessage } from './message-codec.js';
