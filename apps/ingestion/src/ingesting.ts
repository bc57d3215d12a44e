import type { RunRequested, Source } from '@refit/contracts';
import type { StepContext } from '@refit/saga';
import type { Runtime } from '@refit/service';
import type { DatasetLog } from './dataset-log.js';

/** One execution of the step. */
export interface Ingesting {
  readonly runtime: Runtime;
  readonly context: StepContext;
  readonly request: RunRequested;
  readonly source: Source;
  readonly dataset: DatasetLog;
  /** A folder of this execution. */
  readonly scratch: string;
}

/** How many new batches one run takes, so that its events stay small; the rest waits for the next run. */
export const maximumNewBatches = 100;
