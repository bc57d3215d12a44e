import type { Alert } from '@refit/contracts';
import type { Style } from '../terminal.js';
import { shortId } from './ids.js';
import { msOf, relative } from './times.js';
import { severityMark } from './words.js';

/** Alerts, a title and a message each. */
export function renderAlerts(alerts: readonly Alert[], { style, now, filtered }: { style: Style; now: number; filtered?: boolean }): string {
  if (alerts.length === 0) return filtered ? 'No alert is like that.' : 'No alerts.';
  const ids = alerts.map((a) => a.runId);
  return alerts
    .map(({ runId, pipeline, alert }) => {
      const about = [relative(msOf(alert?.raisedAt), now), pipeline, alert?.kind, runId && `run ${shortId(runId, ids)}`].filter((part) => part !== undefined && part !== '');
      return `${severityMark(alert?.severity ?? 0, style)} ${style.bold(alert?.title ?? '')}  ${style.dim(about.join(' · '))}\n  ${alert?.message ?? ''}`;
    })
    .join('\n');
}
