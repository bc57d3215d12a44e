import type { ReasonJudged, ResumePipelineResponse } from '@refit/contracts';
import type { Style } from '../terminal.js';
import { verdictSentence } from './reasons.js';
import { countOf } from './words.js';

interface View {
  readonly style: Style;
  /** A run was to be started with what was skipped. */
  readonly start: boolean;
  /** What came of that, if it was asked for. */
  readonly judged: ReasonJudged | undefined;
}

/** That a pipeline is active again, what was skipped while it was paused, and what to do about it. */
export function renderResumed(name: string, { skippedReasons, skippedBatches, skippedRows }: ResumePipelineResponse, { style, start, judged }: View): string {
  const active = `${style.green('✓')} ${style.bold(name)} is active again`;
  if (skippedReasons === 0) return start ? `${active}; nothing was skipped while it was paused, so no run was started` : active;
  const data = skippedBatches > 0 ? `, with ${countOf(skippedBatches, 'batch', 'batches')} of ${countOf(skippedRows, 'row')} that no run has taken` : '';
  const skipped = `  While it was paused, ${countOf(skippedReasons, 'reason')} to run ${skippedReasons === 1 ? 'was' : 'were'} skipped${data}.`;
  return [active, skipped, judged ? `  ${verdictSentence(judged, style)}` : `  Start a run with: refit run ${name}`].join('\n');
}
