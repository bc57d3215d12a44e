import type { Run } from '@refit/contracts';
import type { Style } from '../terminal.js';
import { shortId } from './ids.js';
import { statusText } from './run-status.js';
import { table } from './table.js';
import { duration, msOf, relative } from './times.js';
import { reasonKindName } from './words.js';

/** Runs, one a line. */
export function renderRuns(runs: readonly Run[], { style, now, filtered }: { style: Style; now: number; filtered?: boolean }): string {
  if (runs.length === 0) return filtered ? 'No run is like that.' : 'No runs yet. Start one with `refit run PIPELINE`, or announce data with `refit data arrive`.';
  const ids = runs.map((run) => run.runId);
  const rows = runs.map((run) => {
    const asked = msOf(run.requestedAt);
    const took = asked === undefined ? '' : duration((msOf(run.endedAt) ?? now) - asked);
    return [style.bold(shortId(run.runId, ids)), run.pipeline, statusText(run, style), reasonKindName(run.reason?.kind), relative(asked, now), took, style.dim(run.summary)];
  });
  return table([{ title: 'run' }, { title: 'pipeline' }, { title: 'status' }, { title: 'cause' }, { title: 'started' }, { title: 'took', align: 'right' }, { title: 'result' }], rows, style);
}
