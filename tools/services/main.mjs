/** Starts Kafka and every service, tells what happens, and stops all of it on Ctrl+C. Runs on the built project. */
import { openSqliteEventStore } from '@refit/event-store/sqlite';
import { narrate, playExample } from '@refit/refit';
import { join } from 'node:path';
import { openKafka } from './kafka.mjs';
import { readOptions, usage } from './options.mjs';
import { claimDirectory } from './claim-directory.mjs';
import { Fleet } from './fleet.mjs';
import { watchHealth } from './watch-health.mjs';
import { banner, nextCommands, say } from './words.mjs';

const stopping = stopSignal();
const closing = [];
let exitCode = 0;
try {
  const options = readOptions(process.argv.slice(2));
  if (options.help) console.log(usage);
  else await run(options);
} catch (error) {
  if (!stopping.aborted) {
    console.error(`error${error.code ? ` ${error.code}` : ''}: ${error.message}`);
    for (const { message } of error.details ?? []) console.error(`  ${message}`);
    exitCode = ['CONFIG_INVALID', 'USAGE'].includes(error.code) ? 64 : 1;
  }
} finally {
  for (const close of closing.reverse()) await close();
}
process.exit(exitCode);

async function run({ config, namesBrokers, settings, instances, example, verbose }) {
  const release = claimDirectory(config.dataDirectory);
  closing.push(release);
  const kafka = await openKafka({ config, namesBrokers }, stopping);
  closing.push(() => kafka.close());
  const fleet = new Fleet({ settings, instances, verbose, env: kafka.env });
  closing.push(async () => {
    say('stopping; steps under way are given back');
    await fleet.stop();
    say('stopped; everything is kept, `npm run services` goes on from here');
  });
  await Promise.race([fleet.start(), aborted(stopping)]);
  stopping.throwIfAborted();
  const places = { ...fleet.addresses(), kafka: kafka.brokers, dataDirectory: config.dataDirectory };
  banner(places, fleet.size);
  const health = watchHealth(places.http);
  closing.push(() => health.stop());
  await tell(config, places, example, fleet);
}

/** The story of the log until Ctrl+C, or until a service cannot be kept running. */
async function tell(config, places, example, fleet) {
  const store = config.store.kind === 'sqlite' ? await openSqliteEventStore({ file: join(config.dataDirectory, 'events.sqlite') }) : undefined;
  const narrating = store && narrate(store, say, stopping).catch(() => {}); // ends with the signal
  closing.push(async () => {
    await narrating;
    await store?.close();
  });
  if (example !== undefined && store) await playExample(example, { store, ...places }, (remark) => say(`— ${remark}`), stopping);
  nextCommands(places);
  await Promise.race([aborted(stopping), fleet.failed]);
}

/** Aborted by the first Ctrl+C or SIGTERM; a second one ends everything at once: the services notice that this process is gone. */
function stopSignal() {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      if (controller.signal.aborted) process.exit(130);
      controller.abort();
    });
  }
  return controller.signal;
}

function aborted(signal) {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', resolve, { once: true });
  });
}
