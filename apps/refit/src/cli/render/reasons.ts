import { Verdict, type PipelineVerdict, type ReasonJudged } from '@refit/contracts';
import type { Style } from '../terminal.js';
import { shortId } from './ids.js';
import { table } from './table.js';
import { msOf, relative } from './times.js';
import { reasonKindName, skipCauseName, verdictName } from './words.js';

/** Every reason to run and what came of it, one a line. */
export function renderReasons(reasons: readonly PipelineVerdict[], { style, now, filtered }: { style: Style; now: number; filtered?: boolean }): string {
  if (reasons.length === 0) return filtered ? 'No reason is like that.' : 'No reasons to run yet: no schedule came due, no data arrived, nobody asked.';
  const ids = reasons.map(runOf).filter((id) => id !== '');
  const rows = reasons.map((entry) => {
    const { pipeline, judged } = entry;
    const runId = runOf(entry);
    return [relative(msOf(judged?.reason?.occurredAt), now), pipeline, reasonKindName(judged?.reason?.kind), verdictText(judged, style), runId && shortId(runId, ids), judged?.why ?? ''];
  });
  return table([{ title: 'when' }, { title: 'pipeline' }, { title: 'cause' }, { title: 'verdict' }, { title: 'run' }, { title: 'why' }], rows, style);
}

/** The run that answered it, at once or later. */
const runOf = ({ judged, runId }: PipelineVerdict): string => runId || (judged?.runId ?? '');

/** `started`, `skipped: cool-down`. */
export function verdictText(judged: ReasonJudged | undefined, style: Style): string {
  const name = verdictName(judged?.verdict);
  switch (judged?.verdict) {
    case Verdict.STARTED: return style.green(name);
    case Verdict.SKIPPED: return style.yellow(`${name}: ${skipCauseName(judged.skipCause) || 'unknown'}`);
    default: return style.cyan(name);
  }
}

/** A verdict as a sentence: what came of it, why, and the run. */
export function verdictSentence(judged: ReasonJudged | undefined, style: Style): string {
  const why = judged?.why ? ` ${style.dim('—')} ${judged.why}` : '';
  return `${verdictText(judged, style)}${judged?.runId ? ` ${style.bold(shortId(judged.runId))}` : ''}${why}`;
}
