import type { Timestamp } from '@bufbuild/protobuf/wkt';
import type { Backfill, BackfilledSpan, PlanBackfillResponse, PlannedSpan } from '@refit/contracts';
import { exitCodes, type ExitCode } from '../exit-codes.js';
import type { Style } from '../terminal.js';
import { shortId } from './ids.js';
import { table } from './table.js';
import { msOf, relative } from './times.js';
import { countOf } from './words.js';

/** What a backfill would do, a span a line. */
export function renderPlan({ step, spans, remarks }: PlanBackfillResponse, style: Style): string {
  const rows = spans.map((span) => [utc(span.from), utc(span.until), dataText(span), span.starts ? style.green('would run') : style.yellow('skipped'), span.starts ? '' : withRun(span)]);
  const columns = [{ title: 'from' }, { title: 'until' }, { title: 'data of its window' }, { title: 'what' }, { title: 'why' }];
  const starting = spans.filter(({ starts }) => starts).length;
  return [table(columns, rows, style), '', `${countOf(starting, 'run')} of ${countOf(spans.length, 'span')} (${step}); nothing has started.`, ...renderRemarks(remarks, style)].join('\n');
}

export const renderRemarks = (remarks: readonly string[], style: Style): readonly string[] => remarks.map((remark) => `${style.yellow('!')} ${remark}`);

function dataText({ batches, rows, rowsExact }: PlannedSpan): string {
  return rows === 0 ? 'none known' : `${rowsExact ? '' : 'up to '}${countOf(rows, 'row')} of ${countOf(batches, 'batch', 'batches')}`;
}

/** What has become of a backfill, a span a line. */
export function renderBackfill(backfill: Backfill | undefined, style: Style): string {
  if (!backfill) return '';
  const { pipeline, requested, spans, cancelled } = backfill;
  const runs = spans.flatMap(({ runId }) => (runId === '' ? [] : [runId]));
  const rows = spans.map((span) => [utc(span.from), utc(span.until), spanText(span, style), span.runId && shortId(span.runId, runs), span.why]);
  const by = cancelled ? `, cancelled by ${cancelled.actor}: ${cancelled.reason}` : '';
  const head = `backfill ${style.bold(shortId(requested?.backfillId ?? ''))} of ${style.bold(pipeline)} (${requested?.step ?? ''}): ${statusText(backfill, style)}${by}`;
  return `${head}\n${table([{ title: 'from' }, { title: 'until' }, { title: 'status' }, { title: 'run' }, { title: 'why' }], rows, style)}`;
}

/** Backfills, one a line. */
export function renderBackfills(backfills: readonly Backfill[], { style, now }: { style: Style; now: number }): string {
  if (backfills.length === 0) return 'No backfills yet. Plan one with `refit backfill PIPELINE --from TIME --to TIME --preview`.';
  const ids = backfills.map(({ requested }) => requested?.backfillId ?? '');
  const rows = backfills.map((backfill) => {
    const { pipeline, requested } = backfill;
    return [style.bold(shortId(requested?.backfillId ?? '', ids)), pipeline, `${utc(requested?.from)} to ${utc(requested?.until)}`, requested?.step ?? '', statusText(backfill, style), relative(msOf(requested?.requestedAt), now), requested?.actor ?? ''];
  });
  return table([{ title: 'backfill' }, { title: 'pipeline' }, { title: 'range' }, { title: 'span' }, { title: 'status' }, { title: 'asked for' }, { title: 'by' }], rows, style);
}

/** How waiting for a backfill ends: 2 when a gate said no, 1 when a run came to no end of its own. */
export function backfillExitCode({ status, spans }: Backfill): ExitCode {
  const outcomes = new Set(spans.filter((span) => span.status === 'ended').map(({ outcome }) => outcome));
  if (status === 'cancelled' || outcomes.has('failed') || outcomes.has('cancelled')) return exitCodes.error;
  return [...outcomes].some((outcome) => outcome.endsWith('-rejected')) ? exitCodes.rejected : exitCodes.done;
}

function statusText({ status, waiting, running, ended, skipped, givenUp }: Backfill, style: Style): string {
  const counts = [[running, 'running'], [waiting, 'waiting'], [ended, 'ended'], [skipped, 'skipped'], [givenUp, 'given up']] as const;
  const text = counts.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}`).join(', ');
  const mark = status === 'open' ? style.cyan('● open') : status === 'done' ? style.green('✓ done') : style.dim('– cancelled');
  return text === '' ? mark : `${mark}, ${text}`;
}

function spanText({ status, outcome }: BackfilledSpan, style: Style): string {
  switch (status) {
    case 'ended': {
      const text = outcome.replaceAll('-', ' ');
      return outcome === 'registered' ? style.green(`✓ ${text}`) : outcome === 'failed' ? style.red(`✗ ${text}`) : style.yellow(`✗ ${text}`);
    }
    case 'running': return style.cyan('● running');
    case 'skipped': return style.yellow('skipped');
    default: return style.dim(status.replaceAll('-', ' '));
  }
}

const withRun = ({ why, runId }: PlannedSpan) => (runId === '' ? why : `${why} (run ${shortId(runId)})`);

/** A time of the data: in UTC, as times in data are; midnight as the day alone. */
function utc(time: Timestamp | undefined): string {
  const ms = msOf(time);
  return ms === undefined ? '' : new Date(ms).toISOString().replace(/:00\.000Z$/, 'Z').replace('T00:00Z', '');
}
