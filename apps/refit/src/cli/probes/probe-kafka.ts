import { connect } from 'node:net';
import type { KafkaConfig } from '@refit/bus';
import type { Finding } from './finding.js';

const patienceMs = 3000;

/** Which of the brokers can be reached: one of them is enough to begin. */
export async function probeKafka({ brokers }: KafkaConfig): Promise<readonly Finding[]> {
  return Promise.all(brokers.map(async (broker): Promise<Finding> => {
    const fault = await reach(broker);
    return { what: 'Kafka', ok: fault === undefined, says: fault === undefined ? `${broker} takes connections` : `${broker} cannot be reached (${fault}): is the broker up, and is the address the one that it advertises?` };
  }));
}

/** Why a TCP connection fails; undefined when it does not. */
function reach(broker: string): Promise<string | undefined> {
  const colon = broker.lastIndexOf(':');
  return new Promise((resolve) => {
    const socket = connect({ host: broker.slice(0, colon).replaceAll(/[[\]]/g, ''), port: Number(broker.slice(colon + 1)), timeout: patienceMs });
    const end = (fault?: string) => {
      socket.destroy();
      resolve(fault);
    };
    socket.once('connect', () => end());
    socket.once('timeout', () => end(`no answer within ${patienceMs / 1000} s`));
    socket.once('error', (error: NodeJS.ErrnoException) => end(error.code ?? error.message));
  });
}
