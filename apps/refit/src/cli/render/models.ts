import type { AliasMoved, GetModelResponse, Model, VersionRegistered } from '@refit/contracts';
import type { Style } from '../terminal.js';
import { shortId } from './ids.js';
import { table } from './table.js';
import { msOf, relative } from './times.js';
import { countOf, trainerName } from './words.js';

interface View {
  readonly style: Style;
  readonly now: number;
}

/** Models, one a line. */
export function renderModels(models: readonly Model[], { style, now, filtered }: View & { readonly filtered?: boolean }): string {
  if (models.length === 0) return filtered ? 'No model is like that.' : 'No models yet. A run that passes both gates registers one.';
  const rows = models.map((model) => {
    const { champion } = model;
    return [
      style.bold(model.name),
      champion ? style.green(`v${champion.version}`) : style.dim('none'),
      `v${model.latestVersion}`,
      champion ? leadingMetric(champion) : '',
      champion ? relative(msOf(champion.registeredAt), now) : '',
    ];
  });
  return table([{ title: 'model' }, { title: 'champion' }, { title: 'latest' }, { title: 'test metric' }, { title: 'registered' }], rows, style);
}

/** One model: its versions, and where its aliases have been. */
export function renderModel({ model, aliasHistory }: GetModelResponse, versions: readonly VersionRegistered[], view: View): string {
  const { style, now } = view;
  const aliasesOf = (version: number) => Object.entries(model?.aliases ?? {}).filter(([, v]) => v === version).map(([alias]) => alias);
  const ids = versions.map((v) => v.runId);
  const rows = versions.map((v) => [
    style.bold(`v${v.version}`), style.green(aliasesOf(v.version).join(', ')), leadingMetric(v), trainerName(v.trainer), countOf(v.snapshot?.rows ?? 0, 'row'),
    shortId(v.runId, ids), relative(msOf(v.registeredAt), now),
  ]);
  const columns = [{ title: 'version' }, { title: 'alias' }, { title: 'test metric' }, { title: 'trainer' }, { title: 'data', align: 'right' as const }, { title: 'run' }, { title: 'registered' }];
  const history = aliasHistory.toReversed().map((moved) => `  ${aliasLine(moved, view)}`); // oldest first, as it happened
  return [style.bold(model?.name ?? ''), table(columns, rows, style), ...(history.length > 0 ? ['', style.bold('Aliases'), ...history] : [])].join('\n');
}

/** `champion: v3 → v4  better  2 min ago` */
export function aliasLine({ alias, fromVersion, toVersion, actor, reason, rollback, movedAt }: AliasMoved, { style, now }: View): string {
  const from = fromVersion === 0 ? 'none' : `v${fromVersion}`;
  const why = [rollback ? 'rolled back' : '', reason, actor && `by ${actor}`].filter((part) => part !== '').join(', ');
  return `${alias}: ${from} → ${style.bold(`v${toVersion}`)}  ${style.dim([why, relative(msOf(movedAt), now)].filter((part) => part !== '').join('  '))}`.trimEnd();
}

/** The first metric of the test rows, the one that its task is known by. */
function leadingMetric({ metrics }: VersionRegistered): string {
  const overall = metrics.filter((m) => m.slice === '' && m.value !== undefined);
  const metric = ['rocAuc', 'accuracy', 'rmse'].map((name) => overall.find((m) => m.name === name)).find((m) => m !== undefined) ?? overall[0];
  return metric?.value === undefined ? '' : `${metric.name} ${metric.value.toFixed(4)}`;
}
