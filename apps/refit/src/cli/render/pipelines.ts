import { ConcurrencyPolicy, type Pause, type Pipeline, type PipelineSpec } from '@refit/contracts';
import type { Style } from '../terminal.js';
import { table } from './table.js';
import { duration, msOf, relative } from './times.js';
import { trainerName } from './words.js';

/** Pipelines, one a line. */
export function renderPipelines(pipelines: readonly Pipeline[], { style, now, filtered }: { style: Style; now: number; filtered?: boolean }): string {
  if (pipelines.length === 0) return filtered ? 'No pipeline is like that.' : 'No pipelines yet. Apply one with `refit apply FILE`.';
  const rows = pipelines.map(({ spec, version, paused, appliedAt, pause }) => [
    style.bold(spec?.name ?? ''), `v${version}`, paused ? style.yellow('paused') : style.green('active'), spec?.dataset ?? '', labelText(spec), trainerName(spec?.trainer?.kind), triggersText(spec), relative(msOf(appliedAt), now), pauseText(pause, now),
  ]);
  return table([{ title: 'pipeline' }, { title: 'version' }, { title: 'state' }, { title: 'dataset' }, { title: 'label' }, { title: 'trainer' }, { title: 'starts on' }, { title: 'applied' }, ...(pipelines.some(({ paused }) => paused) ? [{ title: 'paused' }] : [])], rows, style);
}

/** `2 h ago by ada: the export is broken` */
function pauseText(pause: Pause | undefined, now: number): string {
  if (!pause) return '';
  return `${relative(msOf(pause.pausedAt), now)}${pause.actor && ` by ${pause.actor}`}${pause.reason && `: ${pause.reason}`}`;
}

function labelText(spec: PipelineSpec | undefined): string {
  const { column = '', above, positiveClass = '' } = spec?.label ?? {};
  return above !== undefined ? `${column} > ${above}` : positiveClass === '' ? column : `${column} = ${positiveClass}`;
}

/** `data, decay, 0 6 * * MON`; a person always may. */
export function triggersText(spec: PipelineSpec | undefined): string {
  const { schedules = [], onData, onDecay, coolDownMs = 0, concurrency } = spec?.triggers ?? {};
  const on = [onData?.enabled ? 'data' : '', onDecay?.enabled ? 'decay' : '', ...schedules.map((s) => s.cron)].filter((part) => part !== '');
  const calm = coolDownMs > 0 ? `, at most every ${duration(coolDownMs)}` : '';
  const meanwhile = concurrency === ConcurrencyPolicy.REPLACE ? ', replaces what runs' : '';
  return `${on.join(', ') || 'a person only'}${calm}${meanwhile}`;
}
