import type { Pipeline, PipelineSpec } from '@refit/contracts';
import type { Style } from '../terminal.js';
import { table } from './table.js';
import { duration, msOf, relative } from './times.js';
import { trainerName } from './words.js';

/** Pipelines, one a line. */
export function renderPipelines(pipelines: readonly Pipeline[], { style, now }: { style: Style; now: number }): string {
  if (pipelines.length === 0) return 'No pipelines yet. Apply one with `refit apply FILE`.';
  const rows = pipelines.map(({ spec, version, paused, appliedAt }) => [
    style.bold(spec?.name ?? ''), `v${version}`, paused ? style.yellow('paused') : style.green('active'), spec?.dataset ?? '', labelText(spec), trainerName(spec?.trainer?.kind), triggersText(spec), relative(msOf(appliedAt), now),
  ]);
  return table([{ title: 'pipeline' }, { title: 'version' }, { title: 'state' }, { title: 'dataset' }, { title: 'label' }, { title: 'trainer' }, { title: 'starts on' }, { title: 'applied' }], rows, style);
}

function labelText(spec: PipelineSpec | undefined): string {
  const { column = '', above, positiveClass = '' } = spec?.label ?? {};
  return above !== undefined ? `${column} > ${above}` : positiveClass === '' ? column : `${column} = ${positiveClass}`;
}

/** `data, decay, 0 6 * * MON`; a person always may. */
export function triggersText(spec: PipelineSpec | undefined): string {
  const { schedules = [], onData, onDecay, coolDownMs = 0 } = spec?.triggers ?? {};
  const on = [onData?.enabled ? 'data' : '', onDecay?.enabled ? 'decay' : '', ...schedules.map((s) => s.cron)].filter((part) => part !== '');
  const calm = coolDownMs > 0 ? `, at most every ${duration(coolDownMs)}` : '';
  return `${on.join(', ') || 'a person only'}${calm}`;
}
