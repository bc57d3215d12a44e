import { DecaySeverity, ReasonKind, type PipelineSpec, type Reason, type Schedule } from '@refit/contracts';

/** Identity of a reason, as RunStarted lists it. A source is a URI reference, so it holds no space. */
export const reasonKey = ({ source, id }: Pick<Reason, 'source' | 'id'>) => `${source} ${id}`;

/** Identity of a schedule, as the reasons of its occurrences list it. */
export const scheduleKey = ({ cron, timeZone }: Pick<Schedule, 'cron' | 'timeZone'>) => `${cron} ${timeZone || 'UTC'}`;

/** Which message of a numbered place told the reason: `kafka refit.data-arrivals/3@1234`. */
export function receivedAt({ origin }: Pick<Reason, 'origin'>): { readonly place: string; readonly number: number } | undefined {
  const at = /^(kafka .+)@(\d{1,15})$/.exec(origin);
  return at?.[1] === undefined ? undefined : { place: at[1], number: Number(at[2]) };
}

/** Nobody asked for it by hand. */
export const isAutomatic = ({ kind }: Reason) => kind !== ReasonKind.MANUAL && kind !== ReasonKind.BACKFILL;

export const isBackfill = ({ kind }: Reason) => kind === ReasonKind.BACKFILL;

/** Whether the pipeline wants to be started by reasons of this kind. People may always ask. */
export function isEnabled({ kind }: Reason, { triggers }: PipelineSpec): boolean {
  switch (kind) {
    case ReasonKind.SCHEDULE:
      return (triggers?.schedules.length ?? 0) > 0;
    case ReasonKind.DATA_ARRIVAL:
      return triggers?.onData?.enabled ?? false;
    case ReasonKind.DECAY:
      return triggers?.onDecay?.enabled ?? false;
    case ReasonKind.MANUAL:
    case ReasonKind.BACKFILL:
      return true;
    case ReasonKind.UNSPECIFIED:
      return false;
  }
}

export const kindName: Readonly<Record<ReasonKind, string>> = {
  [ReasonKind.UNSPECIFIED]: 'unknown',
  [ReasonKind.SCHEDULE]: 'schedule',
  [ReasonKind.DATA_ARRIVAL]: 'data-arrival',
  [ReasonKind.DECAY]: 'decay',
  [ReasonKind.MANUAL]: 'manual',
  [ReasonKind.BACKFILL]: 'backfill',
};

export const severityName: Readonly<Record<DecaySeverity, string>> = {
  [DecaySeverity.UNSPECIFIED]: 'unknown',
  [DecaySeverity.LOW]: 'low',
  [DecaySeverity.MEDIUM]: 'medium',
  [DecaySeverity.HIGH]: 'high',
};
