import { execFileSync, fork, type ChildProcess } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../../support/kafka/free-port.ts';

const root = join(import.meta.dirname, '..', '..', '..');

/** The trigger service as it is run beside others: a process of its own, on Kafka, with the relay. */
export interface TriggerProcess {
  readonly pid: number;
  readonly eventFile: string;
  readonly dataFolder: string;
  apply(file: string, text: string): void;
  stop(): Promise<void>;
}

export async function startTrigger(folder: string, brokers: string): Promise<TriggerProcess> {
  const dataFolder = join(folder, 'data');
  mkdirSync(dataFolder, { recursive: true });
  const [http, grpc] = [await freePort(), await freePort()];
  const env = {
    ...process.env, REFIT_DATA_DIRECTORY: join(folder, 'state'), REFIT_ALLOWED_ROOTS: dataFolder, REFIT_BUS_KIND: 'kafka', REFIT_KAFKA_BROKERS: brokers,
    REFIT_SERVICES_TRIGGER_HTTP_PORT: String(http), REFIT_SERVICES_TRIGGER_GRPC_PORT: String(grpc),
  };
  const child = fork(join(root, 'apps/trigger/dist/main.js'), { cwd: folder, env, execArgv: ['--disable-warning=ExperimentalWarning', '--max-semi-space-size=16'], stdio: ['ignore', 2, 2, 'ipc'] });
  if (child.pid === undefined) throw new Error('the trigger could not be started');
  await untilWell(`http://127.0.0.1:${http}/healthz`, child);
  return {
    pid: child.pid,
    eventFile: join(folder, 'state', 'events.sqlite'),
    dataFolder,
    apply(file, text) {
      writeFileSync(file, text);
      execFileSync(process.execPath, [join(root, 'apps/refit/dist/cli/main.js'), 'apply', file, '--server', `127.0.0.1:${grpc}`], { stdio: ['ignore', 2, 2] });
    },
    async stop() {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      await ended;
    },
  };
}

async function untilWell(url: string, child: ChildProcess): Promise<void> {
  for (let tries = 0; tries < 300; tries++) {
    if (child.exitCode !== null) throw new Error(`the trigger ended with ${child.exitCode}`);
    const answer = await fetch(url).catch(() => undefined);
    if (answer?.ok) return;
    await sleep(200);
  }
  throw new Error('the trigger did not get well within a minute');
}
