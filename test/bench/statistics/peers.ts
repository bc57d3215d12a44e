import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const script = fileURLToPath(new URL('./peers.py', import.meta.url));

/** By the name of their package on PyPI. */
const packages = ['whylogs', 'evidently', 'pandera'];
/** TFDV has wheels for old Pythons only, and builds for hours where there is none. */
const skipped = ['tensorflow-data-validation: does not install in reasonable time'];
const installTime = 90_000;
/** Of the peers, some name none, and break with later ones. */
const lastKnownToWork = ['pandas<3', 'numpy<2', 'pyarrow<20'];

export interface PeerTime {
  readonly name: string;
  readonly seconds: number;
}

/**
 * How long others take to describe a Parquet file, each from a virtual environment of its own that is made once. What does
 * not install or run here is left out, and named on standard error; REFIT_BENCH_PEERS=no leaves all of them out.
 */
export async function timePeers(parquet: string): Promise<readonly PeerTime[]> {
  if (process.env['REFIT_BENCH_PEERS'] === 'no') return [];
  for (const reason of skipped) console.error(`  ${reason}`);
  const found: PeerTime[] = [];
  for (const name of packages) {
    try {
      const python = await environmentOf(name);
      const { stdout } = await run(python, [script, name, parquet], { timeout: 300_000, maxBuffer: 2 ** 26 });
      found.push({ name, seconds: Number(stdout.trim().split('\n').at(-1)) });
    } catch (error) {
      console.error(`  ${name} is left out: ${(error instanceof Error ? error.message : String(error)).trim().split('\n').at(-1)?.slice(0, 160)}`);
    }
  }
  return found;
}

/** The Python of a virtual environment with this package, which is made once. */
export async function environmentOf(name: string): Promise<string> {
  const folder = join(fileURLToPath(new URL('../../../node_modules/.cache/refit-bench-peers', import.meta.url)), name);
  const python = join(folder, 'bin', 'python');
  if (existsSync(join(folder, 'installed'))) return python;
  await mkdir(folder, { recursive: true });
  await run('python3', ['-m', 'venv', folder], { timeout: 120_000 });
  await run(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--only-binary', ':all:', name, ...lastKnownToWork], { timeout: installTime });
  await run(python, ['-c', `open(${JSON.stringify(join(folder, 'installed'))}, 'w').close()`]);
  return python;
}
