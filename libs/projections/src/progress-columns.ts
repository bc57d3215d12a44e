import type { SQLInputValue } from 'node:sqlite';
import type { Step } from '@refit/contracts';
import type { Row } from './projection.js';
import type { RunProgress } from './run-progress.js';

/** Columns of a run's progress, which several tables have. */
export const progressColumns = `
  plan TEXT NOT NULL, status TEXT NOT NULL, step INTEGER NOT NULL, attempt INTEGER NOT NULL, not_before INTEGER NOT NULL,
  lease_id TEXT NOT NULL, instance_id TEXT NOT NULL`;

/** Assigns them, in the order of `progressValues`. */
export const progressAssignments = 'status = ?, step = ?, attempt = ?, not_before = ?, lease_id = ?, instance_id = ?';

export const progressValues = ({ status, step, attempt, notBefore, leaseId, instanceId }: RunProgress): SQLInputValue[] =>
  [status, step, attempt, notBefore, leaseId, instanceId];

/** The columns that tell how a run goes on after an event. */
export const selectedProgress = 'plan, status, step, attempt, not_before, lease_id, instance_id';

export function readProgress(row: Row): RunProgress {
  return {
    status: row['status'] as RunProgress['status'], // as it was written
    step: Number(row['step']),
    attempt: Number(row['attempt']),
    notBefore: Number(row['not_before']),
    leaseId: String(row['lease_id']),
    instanceId: String(row['instance_id']),
  };
}

export const writePlan = (plan: readonly Step[]): string => plan.join(' ');
/** Plans are few and read with every event. */
export function readPlan(row: Row): readonly Step[] {
  const text = String(row['plan']);
  const plan = plans.get(text) ?? Array.from(text.split(' '), Number);
  plans.set(text, plan);
  return plan;
}

const plans = new Map<string, readonly Step[]>();
