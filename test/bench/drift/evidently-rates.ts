import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Figure } from '../bench.ts';
import { environmentOf } from '../statistics/peers.ts';

const script = fileURLToPath(new URL('evidently-rates.py', import.meta.url));
/** Enough to tell 1 % from 70 %: its tests are slow. */
const repetitions = (rows: number) => (rows <= 3000 ? 60 : 10);

export interface PeerRates {
  readonly columns: readonly { readonly name: string; readonly rates: readonly (readonly [rows: number, share: number])[] }[];
  readonly figures: Figure[];
}

/** The same question to Evidently's defaults, in a virtual environment of its own or by the Python that REFIT_BENCH_PYTHON names; REFIT_BENCH_PEERS=no leaves it out. */
export async function evidentlyRates(windows: readonly number[]): Promise<PeerRates> {
  if (process.env['REFIT_BENCH_PEERS'] === 'no') return { columns: [], figures: [] };
  const sizes = windows.flatMap((rows) => [String(rows), String(repetitions(rows))]);
  try {
    const python = process.env['REFIT_BENCH_PYTHON'] ?? (await environmentOf('evidently'));
    const { stdout } = await promisify(execFile)(python, [script, ...sizes], { timeout: 300_000 });
    const { version, rates } = JSON.parse(stdout) as { version: string; rates: Record<string, [number, number][]> }; // as the script prints it
    const columns = Object.entries(rates).map(([name, found]) => ({ name, rates: found }));
    return { columns, figures: columns.map(({ name, rates: found }) => ({ name: `false alarms, ${name}, Evidently ${version}`, value: Math.max(...found.map(([, share]) => share)) * 100, unit: '%' })) };
  } catch (error) {
    const why = (error instanceof Error ? error.message : String(error)).trimEnd().split('\n').at(-1);
    console.log(`  skipped: Evidently (${why}); name a Python that has it in REFIT_BENCH_PYTHON`);
    return { columns: [], figures: [] };
  }
}
