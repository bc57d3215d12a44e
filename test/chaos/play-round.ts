import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { openSqliteEventStore } from '@refit/event-store/sqlite';
import type { History } from '../support/history.ts';
import { shopHistory, tellShop } from '../support/play-shop.ts';
import { writeDays } from '../support/shop-data.ts';
import type { CrashPoint } from './crashing-store.ts';

/** How the process dies each time it is started: in a gap between two streams, or some time after it is up. */
export type Crash = { readonly gap: CrashPoint } | { readonly afterMs: number };

export interface Round {
  readonly history: History;
  /** How often the process was killed. */
  readonly deaths: number;
}

const program = fileURLToPath(new URL('./system-process.ts', import.meta.url));
const deadlineMs = 120_000;

/**
 * A whole story in a folder: the pipeline is applied, every day announced, all runs end, while the process dies of each
 * crash in turn and is started again.
 */
export async function playRound(folder: string, crashes: readonly Crash[]): Promise<Round> {
  const dataDirectory = join(folder, 'state');
  const files = writeDays(join(dataDirectory, 'days'));
  const store = await openSqliteEventStore({ file: join(dataDirectory, 'events.sqlite') });
  const ahead = [...crashes];
  const deadline = Date.now() + deadlineMs;
  let deaths = 0;
  try {
    for (;;) {
      const crash = ahead.shift();
      const system = await start(dataDirectory, crash);
      const died = once(system.process, 'exit').then(() => 'died' as const);
      if (crash && 'afterMs' in crash) setTimeout(() => system.process.kill('SIGKILL'), crash.afterMs);
      const told = tellShop({ http: `http://127.0.0.1:${system.http}`, grpc: `127.0.0.1:${system.grpc}` }, files).then(() => shopHistory(store, deadline), () => died);
      const history = await Promise.race([told, died]);
      if (history === 'died') {
        deaths++;
        continue;
      }
      system.process.kill('SIGTERM');
      await died;
      return { history, deaths };
    }
  } finally {
    await store.close();
  }
}

interface Ports {
  readonly http: number;
  readonly grpc: number;
}

async function start(dataDirectory: string, crash: Crash | undefined): Promise<Ports & { readonly process: ChildProcess }> {
  const gap = crash && 'gap' in crash ? [JSON.stringify(crash.gap)] : [];
  const child = spawn(process.execPath, [program, dataDirectory, ...gap], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await Promise.race([once(createInterface({ input: child.stdout }), 'line'), once(child, 'exit')])) as [unknown];
  if (typeof line !== 'string') return { http: 0, grpc: 0, process: child }; // died while starting: the caller sees it
  return { ...(JSON.parse(line) as Ports), process: child };
}
