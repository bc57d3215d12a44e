import { Inject, Injectable } from '@nestjs/common';
import { RefitError, Step, type RunEvent } from '@refit/contracts';
import type { StepContext, StepHandler } from '@refit/saga';
import { RUNTIME, type Runtime } from '@refit/service';
import { catchUpJudgements } from './catch-up-judgements.js';
import { catchUpReopenings } from './catch-up-reopenings.js';
import { DatasetLog } from './dataset-log.js';
import { freezeRunWindow } from './freeze-run-window.js';
import type { Ingesting } from './ingesting.js';
import { ingestedOutcome } from './ingested-outcome.js';
import { inScratch } from './scratch.js';
import { takeInDeliveries } from './take-in-deliveries.js';

/**
 * RunRequested → DataIngested: takes in the batches that were announced or found, and freezes the window over what the
 * pipeline's gate has accepted and what it has not judged yet.
 *
 * Everything is recorded in the dataset's stream first. The step executed again finds its batches and its window there.
 */
@Injectable()
export class IngestDataStep implements StepHandler {
  readonly step = Step.INGEST;

  constructor(@Inject(RUNTIME) private readonly runtime: Runtime) {}

  async work(context: StepContext): Promise<readonly RunEvent[]> {
    const { run, runId, spec, causationId } = context;
    if (run.status !== 'working' || !spec.source) throw new RefitError('INTERNAL', `run ${runId} came to ingestion without a source`);
    const { request } = run;
    const { source } = spec;
    const dataset = await DatasetLog.open(this.runtime.store, spec.dataset, { correlationId: runId, causationId, actor: `pipeline ${spec.name}` });
    if (!dataset.state.windows.has(runId)) {
      await inScratch(this.runtime.config.dataDirectory, runId, async (scratch) => {
        const ingesting: Ingesting = { runtime: this.runtime, context, request, source, dataset, scratch };
        await catchUpJudgements(ingesting);
        await catchUpReopenings(ingesting);
        await takeInDeliveries(ingesting);
        await freezeRunWindow(ingesting);
      });
    }
    return [ingestedOutcome(dataset.state, spec, runId)];
  }
}
