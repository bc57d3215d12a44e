import { Kafka, logLevel } from 'kafkajs';
import type { Flood } from './flood.ts';

/** A program that is not ours, in a process of its own: announces data at a steady pace, then tells its parent how late it was. */
const flood = JSON.parse(process.argv[2] ?? '{}') as Flood; // what arrivals.bench.ts gives it
const producer = new Kafka({ brokers: [flood.brokers], clientId: 'outsider', logLevel: logLevel.ERROR }).producer({ maxInFlightRequests: 5 });
await producer.connect();

const tickMs = 20;
const perTick = (flood.perSecond * tickMs) / 1000;
const total = flood.perSecond * flood.seconds;
const start = performance.now();
let sent = 0;
let behindMs = 0;
const underWay: Promise<unknown>[] = [];
while (sent < total) {
  const due = start + (sent / perTick) * tickMs;
  const wait = due - performance.now();
  if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
  else behindMs = Math.max(behindMs, -wait);
  const messages = Array.from({ length: Math.min(perTick, total - sent) }, (_, i) => message(sent + i));
  underWay.push(producer.send({ topic: flood.topic, messages, acks: -1 }));
  sent += messages.length;
  if (underWay.length > 50) await underWay.shift();
}
await Promise.all(underWay);
await producer.disconnect();
process.send?.({ sent, seconds: (performance.now() - start) / 1000, behindMs });

/** The n-th of all, as a CloudEvent in binary mode: of each key in turn, which delivers its last batches again and again. */
function message(n: number) {
  const key = `plant-${n % flood.keys}`;
  const number = Math.floor(n / flood.keys);
  return {
    key,
    headers: {
      ce_specversion: '1.0', ce_id: `${key}:${number}`, ce_source: '/outsider', ce_type: 'refit.data.arrived.v1',
      ce_time: new Date().toISOString(), 'content-type': 'application/json',
    },
    value: JSON.stringify({ dataset: 'plants', name: `${key}-${number % flood.batchesPerKey}`, uri: flood.files[n % flood.files.length] }),
  };
}
