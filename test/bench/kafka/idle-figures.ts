import { setTimeout as sleep } from 'node:timers/promises';
import type { KafkaConfig } from '@refit/bus';
import { startServices } from '../../support/services.ts';
import type { Figure } from '../bench.ts';
import { residentMemory } from '../up/resident-memory.ts';
import { processorTime } from './processor-time.ts';

const settleMs = 15_000;
const restMs = 30_000;

export interface IdleOptions {
  readonly folder: string;
  readonly brokers: string;
  readonly client: KafkaConfig['client'];
}

/** Eight processes with nothing to do: the six services, and a second training and ingestion. */
export async function idleFigures({ folder, brokers, client }: IdleOptions): Promise<Figure[]> {
  const services = await startServices({ folder, brokers, prefix: `${client}-idle.`, env: { REFIT_KAFKA_CLIENT: client } });
  try {
    await Promise.all([services.start('training'), services.start('ingestion')]);
    await sleep(settleMs);
    const processes = [...services.processes].map(([name, { pid }]) => ({ name, pid }));
    const before = processes.map(({ pid }) => processorTime(pid));
    const began = performance.now();
    await sleep(restMs);
    const seconds = (performance.now() - began) / 1000;
    const percent = processes.map(({ pid }, i) => (processorTime(pid) - (before[i] ?? 0)) / 10 / seconds);
    const memory = processes.map(({ pid }) => residentMemory(pid));
    const sum = percent.reduce((total, one) => total + one, 0);
    return [
      { name: `${client}: idle, processor, ${processes.length} processes`, value: sum, unit: '% of a core', target: '≤ 20', ok: sum <= 20 },
      ...processes.map(({ name }, i) => ({ name: `  ${name}`, value: percent[i] ?? NaN, unit: '%' })),
      { name: `${client}: idle, memory (RSS) of a process, most`, value: Math.max(...memory), unit: 'MB' },
      { name: `${client}: idle, memory (RSS), ${processes.length} processes`, value: memory.reduce((total, one) => total + one, 0), unit: 'MB' },
    ];
  } finally {
    await services.stop();
  }
}
