import { pino } from 'pino';
import type { KafkaConfig } from '@refit/bus';
import { loadClient } from '@refit/bus/kafka';
import type { Figure } from '../bench.ts';
import { median, quantile } from '../quantiles.ts';
import { bareClient } from './bare-client.ts';
import { handOffs, type HandOffTimes } from './hand-offs.ts';
import { kafkaConfig } from './kafka-config.ts';
import { startServicesOfNothing } from './services-of-nothing.ts';

const rounds = 4;
const runsPerRound = 40;
const together = 600;
const inFlight = 64;
/** Of an event of a run, as it travels: data and headers. */
const messageBytes = 600;

export interface HandOffOptions {
  readonly dataDirectory: string;
  readonly brokers: string;
  readonly client: KafkaConfig['client'];
}

/** Hand-offs and bare round trips in turns, so that what else the machine does falls on both. */
export async function handOffFigures({ dataDirectory, brokers, client }: HandOffOptions): Promise<Figure[]> {
  const services = await startServicesOfNothing({
    ...process.env, REFIT_DATA_DIR: dataDirectory, REFIT_BUS_KIND: 'kafka', REFIT_KAFKA_BROKERS: brokers, REFIT_KAFKA_CLIENT: client, REFIT_KAFKA_PREFIX: `${client}.`,
    REFIT_HTTP_PORT: '0', REFIT_GRPC_PORT: '0', REFIT_SLOTS: String(inFlight), REFIT_LOG_LEVEL: 'warn',
  });
  const library = await loadClient(kafkaConfig(brokers, client, `${client}.`), 'refit-bench', pino({ level: 'silent' }));
  const bare = await bareClient(library, `${client}-bare`, messageBytes);
  try {
    await services.run(runsPerRound, 1); // warm-up
    await bare.roundTrips(100);
    await services.marks();
    const alone: HandOffTimes[] = [];
    const trips: number[] = [];
    for (let round = 0; round < rounds; round++) {
      await services.run(runsPerRound, 1);
      alone.push(...handOffs(await services.marks()));
      trips.push(...(await bare.roundTrips(4 * runsPerRound)));
    }
    await services.run(together / 4, inFlight); // warm-up
    await services.marks();
    const ms = await services.run(together, inFlight);
    const crowded = handOffs(await services.marks());
    return [...lone(client, alone, trips), ...many(client, crowded, together / (ms / 1000))];
  } finally {
    await bare.stop();
    await library.close();
    await services.stop();
  }
}

const parts = { outcome: 'append of the outcome', relay: 'until the relay publishes it', broker: 'produce → broker → consume', decision: 'load and decide', claim: 'append of the claim', acknowledgement: 'beside it, acknowledgement by the broker' } as const;

function lone(client: string, times: readonly HandOffTimes[], trips: readonly number[]): Figure[] {
  const totals = times.map(({ total }) => total);
  const [p50, bare] = [median(totals), median(trips)];
  return [
    { name: `${client}: hand-off alone, p50 of ${totals.length}`, value: p50, unit: 'ms', target: '≤ 20', ok: p50 <= 20 },
    { name: `${client}: hand-off alone, p99`, value: quantile(totals, 0.99), unit: 'ms' },
    ...Object.entries(parts).map(([part, name]) => ({ name: `  ${name}, p50`, value: median(times.map((one) => one[part as keyof typeof parts])), unit: 'ms' })),
    { name: `${client}: bare produce + consume, p50 of ${trips.length}`, value: bare, unit: 'ms' },
    { name: `${client}: bare produce + consume, p99`, value: quantile(trips, 0.99), unit: 'ms' },
    { name: `${client}: hand-off / bare, p50`, value: p50 / bare, unit: '×', target: '≤ 2.5', ok: p50 <= 2.5 * bare },
  ];
}

function many(client: string, times: readonly HandOffTimes[], runsPerSecond: number): Figure[] {
  const totals = times.map(({ total }) => total);
  return [
    { name: `${client}: hand-off, ${inFlight} in flight, p50 of ${totals.length}`, value: median(totals), unit: 'ms' },
    { name: `${client}: hand-off, ${inFlight} in flight, p99`, value: quantile(totals, 0.99), unit: 'ms' },
    ...Object.entries(parts).map(([part, name]) => ({ name: `  ${name}, p50`, value: median(times.map((one) => one[part as keyof typeof parts])), unit: 'ms' })),
    { name: `${client}: runs/s, ${inFlight} in flight`, value: runsPerSecond, unit: '1/s' },
  ];
}
