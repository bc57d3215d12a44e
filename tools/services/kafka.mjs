import { createServer } from 'node:net';
import { join } from 'node:path';
import { startBroker } from '../../test/support/kafka/broker.ts';
import { findKafka } from '../../test/support/kafka/find-kafka.ts';
import { say } from './words.mjs';

const usualPort = 9092;
const lookEveryMs = 1000;

/**
 * Kafka for the services: the brokers of the configuration or of KAFKA_BROKERS, or one that is started here. With what the
 * services' environment says of it.
 */
export async function openKafka({ config: { bus, dataDirectory }, namesBrokers }, signal) {
  if (namesBrokers) return { brokers: bus.brokers.join(','), env: {}, close() {} };
  const source = await findKafka();
  if (source.kind === 'none') throw new Error(`there is no Kafka: ${source.why}. Install Docker, or Java 17 and Maven, or name brokers with --kafka-brokers`);
  if (source.kind === 'given') return at(source.brokers, () => {});
  say(`starting Apache Kafka (${source.kind === 'docker' ? 'Docker; its data go when it stops' : 'Java; its data lie in the data directory'})`);
  const broker = await startBroker({ folder: join(dataDirectory, 'kafka'), port: await usualOrFree() }, source);
  signal.throwIfAborted();
  // A container is Docker's to look after.
  const watching = setInterval(() => void (source.kind === 'java' && startAgainWhenDead(broker)), lookEveryMs);
  return at(broker.brokers, () => {
    clearInterval(watching);
    return broker.stop();
  });
}

let startingAgain = false;

async function startAgainWhenDead(broker) {
  if (startingAgain || broker.pid !== undefined) return;
  startingAgain = true;
  say('Kafka has ended; it is started again');
  await broker.restart().catch((error) => say(`Kafka could not be started again: ${error.message}`));
  startingAgain = false;
}

const at = (brokers, close) => ({ brokers, env: { REFIT_KAFKA_BROKERS: brokers }, close });

/** The port that every Kafka client tries first, or any when somebody has it; the broker then chooses. */
function usualOrFree() {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(undefined));
    probe.listen(usualPort, '127.0.0.1', () => probe.close(() => resolve(usualPort)));
  });
}
