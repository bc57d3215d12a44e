import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lockDataDirectory } from './data-directory.js';
import { runningInstances, takeInstanceName } from './instance-name.js';

let directory: string;
const holders: ChildProcess[] = [];
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'refit-directory-'));
});
afterEach(async () => {
  await Promise.all(holders.splice(0).map(kill));
  rmSync(directory, { recursive: true });
});

/** Another process that holds the directory; compiled, since a process of its own knows nothing of TypeScript. */
async function hold(...how: readonly string[]): Promise<{ readonly holder: ChildProcess; readonly name: string; readonly id: string }> {
  const holder = fork(new URL('../../dist/process/spec-processes/lock-holder.js', import.meta.url), [directory, ...how], { execArgv: ['--disable-warning=ExperimentalWarning'] });
  holders.push(holder);
  const [{ name, id }] = (await once(holder, 'message')) as [{ readonly name: string; readonly id: string }]; // it sends nothing else
  return { holder, name, id };
}

async function kill(holder: ChildProcess): Promise<void> {
  if (holder.exitCode !== null || holder.signalCode !== null) return;
  const exit = once(holder, 'exit');
  holder.kill('SIGKILL');
  await exit;
}

describe('a data directory', () => {
  it('that one process has for itself is refused to everybody else, with that process', async () => {
    const { holder } = await hold('exclusive');
    for (const use of ['exclusive', 'shared'] as const) {
      expect(() => lockDataDirectory(directory, use)).toThrow(`another Refit (process ${holder.pid}) is using ${directory}: stop it, or choose another folder with --data-dir`);
    }
  });

  it('is shared by any number of services, and refused to who wants it alone, with their processes', async () => {
    const { holder: trigger } = await hold('shared', 'trigger');
    const { holder: training } = await hold('shared', 'training');
    lockDataDirectory(directory, 'shared').release();
    expect(() => lockDataDirectory(directory, 'exclusive')).toThrow(`services of Refit are using ${directory} (training: process ${training.pid}, trigger: process ${trigger.pid}): stop them, or choose another folder with --data-dir`);
  });

  it.each(['exclusive', 'shared'])('is free again once a process that had it %s is killed', async (use) => {
    await kill((await hold(use)).holder);
    expect(() => lockDataDirectory(directory, 'shared').release()).not.toThrow();
    expect(() => lockDataDirectory(directory, 'exclusive').release()).not.toThrow();
  });
});

describe('the name of an instance', () => {
  it('is the first one that no other process of the service has', async () => {
    expect((await hold('shared', 'training')).name).toBe('training');
    expect((await hold('shared', 'training')).name).toBe('training-2');
    expect((await hold('shared', 'trigger')).name).toBe('trigger');
    expect(takeInstanceName(directory, 'training')).toMatchObject({ name: 'training-3', number: 3 });
  });

  it('passes to the next process when its holder is killed', async () => {
    const { holder } = await hold('shared', 'training');
    await hold('shared', 'training');
    await kill(holder);
    const again = await hold('shared', 'training');
    expect(again.name).toBe('training');
    expect(runningInstances(directory).map(({ name }) => name)).toEqual(['training', 'training-2']);
  });

  it('tells who had it before and was killed, and nobody who left in order', async () => {
    const before = await hold('shared', 'training');
    await kill(before.holder);
    const next = takeInstanceName(directory, 'training');
    expect(next).toMatchObject({ name: 'training', predecessor: before.id });
    next.release();
    expect(takeInstanceName(directory, 'training')).not.toHaveProperty('predecessor');
  });

  it('is given to one only of several that ask at the same time', async () => {
    const names = await Promise.all(Array.from({ length: 4 }, () => hold('shared', 'training')));
    expect(names.map(({ name }) => name).sort()).toEqual(['training', 'training-2', 'training-3', 'training-4']);
  });

  it('is told where it cannot be kept', async () => {
    writeFileSync(join(directory, 'instances'), '');
    expect(() => takeInstanceName(directory, 'training')).toThrow(/the names of the services' processes cannot be kept in .*instances .*make it a folder/);
  });
});
