import type { Step } from '@refit/contracts';

export interface DueRow {
  readonly runId: string;
  readonly step: Step;
}

export interface WorkingRow extends DueRow {
  readonly leaseId: string;
  readonly instanceId: string;
}

/** The open runs as a read model shows them: perhaps a moment old, so always checked against the stream. */
export interface OpenRuns {
  /** Runs with one of these steps due by `now` (milliseconds since 1970), oldest first. */
  due(steps: readonly Step[], now: number): readonly DueRow[];
  /** Runs with one of these steps at work. */
  working(steps: readonly Step[]): readonly WorkingRow[];
}
