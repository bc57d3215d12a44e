import { DatabaseSync } from 'node:sqlite';

/** What the log says about the arrivals. */
export interface Answers {
  /** Arrivals with a verdict or a dead letter. */
  readonly answered: number;
  /** Answered a second time. */
  readonly repeated: number;
  readonly letters: number;
  /** Answered before an earlier one of their key. */
  readonly outOfOrder: number;
  /** From the moment an arrival was sent to its answer in the log, in milliseconds. */
  readonly latencies: readonly number[];
}

const judgedType = 'refit.trigger.v1.ReasonJudged';
const parkedType = 'refit.trigger.v1.DeadLetterParked';

export function countAnswers(eventFile: string): number {
  const db = new DatabaseSync(eventFile, { readOnly: true });
  try {
    return Number(db.prepare('SELECT count(*) AS n FROM events WHERE type IN (?, ?)').get(judgedType, parkedType)?.['n']);
  } finally {
    db.close();
  }
}

export function readAnswers(eventFile: string): Answers {
  const db = new DatabaseSync(eventFile, { readOnly: true });
  const seen = new Set<string>();
  const last = new Map<string, number>();
  const latencies: number[] = [];
  let [repeated, letters, outOfOrder] = [0, 0, 0];
  try {
    for (const { type, data, recorded_at: recordedAt } of db.prepare('SELECT type, data, recorded_at FROM events WHERE type IN (?, ?) ORDER BY position').iterate(judgedType, parkedType)) {
      if (type === parkedType) {
        letters++;
        continue;
      }
      const { reason } = JSON.parse(String(data)) as { reason: { id: string; occurredAt: string } }; // a ReasonJudged as JSON
      const [key = '', number] = reason.id.split(':');
      if (seen.has(reason.id)) repeated++;
      seen.add(reason.id);
      if (Number(number) < (last.get(key) ?? -1)) outOfOrder++;
      last.set(key, Number(number));
      latencies.push(Number(recordedAt) - Date.parse(reason.occurredAt));
    }
  } finally {
    db.close();
  }
  return { answered: seen.size + letters, repeated, letters, outOfOrder, latencies };
}
