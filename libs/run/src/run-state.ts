import type {
  DataIngested, DataRejected, DataTransformed, DataValidated, ModelAccepted, ModelEvaluated, ModelRegistered, ModelRejected,
  ModelTrained, RunOutcome, RunRequested, Step,
} from '@refit/contracts';

export interface Claim {
  readonly step: Step;
  readonly attempt: number;
  readonly leaseId: string;
  readonly instanceId: string;
}

export interface DueStep {
  readonly step: Step;
  readonly attempt: number;
  /** Milliseconds since 1970; 0: at once. */
  readonly notBefore: number;
}

/** What the steps so far have found out; a step taken again replaces its own. */
export interface Findings {
  readonly ingested?: DataIngested;
  readonly validated?: DataValidated;
  readonly dataRejected?: DataRejected;
  readonly transformed?: DataTransformed;
  readonly trained?: ModelTrained;
  readonly evaluated?: ModelEvaluated;
  readonly accepted?: ModelAccepted;
  readonly modelRejected?: ModelRejected;
  readonly registered?: ModelRegistered;
}

/** What went wrong so far in the step that is due or at work. */
export interface Setbacks {
  /** Failures that were worth another try. */
  readonly retryable: number;
  /** Errors that nobody classified. */
  readonly unclassified: number;
  /** Leases taken over from instances that died. */
  readonly takenOver: number;
}

interface Begun {
  readonly request: RunRequested;
  readonly findings: Findings;
  /** Comparisons that were outdated so far. */
  readonly round: number;
}

export type DueRun = Begun & { readonly status: 'due'; readonly due: DueStep; readonly setbacks: Setbacks };
export type WorkingRun = Begun & { readonly status: 'working'; readonly claim: Claim; readonly setbacks: Setbacks };
export type EndedRun = Begun & (
  | { readonly status: 'completed'; readonly outcome: RunOutcome; readonly summary: string }
  | { readonly status: 'failed'; readonly step: Step; readonly code: string; readonly message: string }
  | { readonly status: 'cancelled'; readonly actor: string; readonly reason: string }
);

/** The state of a run: a fold over its stream. */
export type RunState = { readonly status: 'none' } | DueRun | WorkingRun | EndedRun;

export const noSetbacks: Setbacks = { retryable: 0, unclassified: 0, takenOver: 0 };
