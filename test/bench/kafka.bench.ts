import { mkdtemp, rm } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { KafkaConfig } from '@refit/bus';
import { startBroker } from '../support/kafka/broker.ts';
import type { BenchResult, Figure } from './bench.ts';
import { handOffFigures } from './kafka/hand-off-figures.ts';
import { idleFigures } from './kafka/idle-figures.ts';
import { relayFigures } from './kafka/relay-figures.ts';

const clients: readonly KafkaConfig['client'][] = ['kafkajs', 'platformatic'];

/** Refit as separate processes on a real broker: hand-offs, the relay, and rest, with each of the two client libraries. */
export default async function kafka(): Promise<BenchResult> {
  const folder = await mkdtemp(join(tmpdir(), 'refit-bench-'));
  const broker = await startBroker();
  try {
    const figures: Figure[] = [{ name: 'load of the machine before, 1 min', value: loadavg()[0] ?? 0, unit: '' }];
    for (const client of clients) {
      const kafka = { brokers: broker.brokers, client };
      say(`${client}: hand-offs between processes`);
      figures.push(...(await handOffFigures({ ...kafka, dataDirectory: join(folder, `${client}-hand-off`) })));
      say(`${client}: the relay with a backlog`);
      figures.push(...(await relayFigures({ ...kafka, folder: join(folder, `${client}-relay`) })));
      say(`${client}: eight processes at rest`);
      figures.push(...(await idleFigures({ ...kafka, folder: join(folder, `${client}-idle`) })));
    }
    return { bench: 'kafka', figures };
  } finally {
    await broker.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

const say = (text: string) => console.error(`  … ${text}`);
