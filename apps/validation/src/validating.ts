import type { DataGate, DataIngested, ExpectationResult, SchemaChange } from '@refit/contracts';
import type { Findings, KnownSchema } from '@refit/data-validation';
import type { StepContext } from '@refit/saga';
import type { Runtime } from '@refit/service';

/** One execution of the step. */
export interface Validating {
  readonly runtime: Runtime;
  readonly context: StepContext;
  readonly ingested: DataIngested;
  readonly gate: DataGate;
}

/** What the gate has found. */
export interface Judged extends Findings {
  /** Absent: no data was fit to be the reference. */
  readonly schema?: KnownSchema;
  readonly acceptedBatches: readonly string[];
  readonly rejectedBatches: readonly string[];
  /** What became of each hand-written expectation, of each batch and of the window. */
  readonly expectations: readonly ExpectationResult[];
  /** What the accepted ones add to the ranges of the schema. */
  readonly learned: readonly SchemaChange[];
  /** Each new batch passes alone, but the window they are part of does not. */
  readonly windowOnly: boolean;
  readonly verdict: 'pass' | 'fail';
}
