import { randomUUID } from 'node:crypto';
import type { KafkaConfig } from '@refit/bus';
import { encodeMessage } from '@refit/bus/kafka';
import { sampleMessage } from '@refit/bus/testing';
import { runStream } from '@refit/contracts';
import type { Figure } from '../bench.ts';
import { median, quantile } from '../quantiles.ts';
import { servicesWithSteps } from '../hand-off/steps-of-nothing.ts';
import { bareClient } from './bare-client.ts';
import { handOffs, type HandOffTimes } from './hand-offs.ts';
import { startServicesOfNothing } from './services-of-nothing.ts';

const rounds = 4;
const runsPerRound = 40;
/** More than a thousand events: from then on the write-ahead log is used again from its beginning, as it is ever after. */
const runsToWarmUp = 100;
const together = 600;
const inFlight = 64;
/** Before each hand-off and before each bare message, so that none meets what the one before has set going. */
const pauseMs = 25;
/** A hint as these runs send it. */
const hint = encodeMessage(sampleMessage({ stream: runStream(randomUUID()), revision: 3, position: '100000', recordedAt: Date.now(), metadata: { $correlationId: randomUUID(), $causationId: randomUUID() } }));

export interface HandOffOptions {
  readonly dataDirectory: string;
  readonly brokers: string;
  readonly client: KafkaConfig['client'];
}

/**
 * Hand-offs and bare trips in turns, so that what else the machine does falls on both. A bare message is a hint,
 * and goes its way: from one process to as many others, each in a group of its own, as there are services.
 */
export async function handOffFigures({ dataDirectory, brokers, client }: HandOffOptions): Promise<Figure[]> {
  const services = await startServicesOfNothing({
    ...process.env, REFIT_DATA_DIR: dataDirectory, REFIT_BUS_KIND: 'kafka', REFIT_KAFKA_BROKERS: brokers, REFIT_KAFKA_CLIENT: client, REFIT_KAFKA_PREFIX: `${client}.`,
    REFIT_HTTP_PORT: '0', REFIT_GRPC_PORT: '0', REFIT_SLOTS: String(inFlight), REFIT_LOG_LEVEL: 'warn',
  });
  const bare = await bareClient({ brokers, client, topic: `${client}-bare`, message: hint, listeners: servicesWithSteps.length, pauseMs });
  const bareToOne = await bareClient({ brokers, client, topic: `${client}-bare-to-one`, message: hint, listeners: 1, pauseMs });
  try {
    await services.takeSteps(pauseMs);
    await services.run(runsToWarmUp, 1);
    await bare.trips(100);
    await bareToOne.trips(100);
    await services.marks();
    const alone: HandOffTimes[] = [];
    const trips: number[] = [];
    const tripsToOne: number[] = [];
    for (let round = 0; round < rounds; round++) {
      await services.run(runsPerRound, 1);
      alone.push(...handOffs(await services.marks()));
      trips.push(...(await bare.trips(4 * runsPerRound)));
      tripsToOne.push(...(await bareToOne.trips(4 * runsPerRound)));
    }
    await services.takeSteps(0);
    await services.run(together / 4, inFlight); // warm-up
    await services.marks();
    const ms = await services.run(together, inFlight);
    const crowded = handOffs(await services.marks());
    return [...lone(client, alone, trips, tripsToOne), ...many(client, crowded, together / (ms / 1000))];
  } finally {
    await bare.stop();
    await bareToOne.stop();
    await services.stop();
  }
}

const parts = { outcome: 'append of the outcome', relay: 'until the relay publishes it', broker: 'produce → broker → consume', decision: 'load and decide', claim: 'append of the claim', acknowledgement: 'beside it, acknowledgement by the broker' } as const;

function lone(client: string, times: readonly HandOffTimes[], trips: readonly number[], tripsToOne: readonly number[]): Figure[] {
  const totals = times.map(({ total }) => total);
  const [p50, bare] = [median(totals), median(trips)];
  return [
    { name: `${client}: hand-off alone, p50 of ${totals.length}`, value: p50, unit: 'ms', target: '≤ 20', ok: p50 <= 20 },
    { name: `${client}: hand-off alone, p99`, value: quantile(totals, 0.99), unit: 'ms' },
    ...Object.entries(parts).map(([part, name]) => ({ name: `  ${name}, p50`, value: median(times.map((one) => one[part as keyof typeof parts])), unit: 'ms' })),
    { name: `${client}: bare produce + consume, one process to five, p50 of ${trips.length}`, value: bare, unit: 'ms' },
    { name: `${client}: bare produce + consume, one process to five, p99`, value: quantile(trips, 0.99), unit: 'ms' },
    { name: `${client}: bare produce + consume, one process to one, p50`, value: median(tripsToOne), unit: 'ms' },
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
