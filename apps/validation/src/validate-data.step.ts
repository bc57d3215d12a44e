import { Inject, Injectable } from '@nestjs/common';
import { RefitError, schemaStream, Step, type RunEvent } from '@refit/contracts';
import { decideInference, inferSchema, isKnown, schemaDecider } from '@refit/data-validation';
import { handle, load, type StepContext, type StepHandler } from '@refit/saga';
import { RUNTIME, type Runtime } from '@refit/service';
import { judgeAgainstSchema } from './judge-against-schema.js';
import { judgeFirstData } from './judge-first-data.js';
import { keepFindings } from './keep-findings.js';
import { outcomeEvents } from './outcome-events.js';
import type { Validating } from './validating.js';

/**
 * DataIngested → DataValidated, or DataRejected with an alert for each kind of anomaly.
 *
 * The first data that is fit for it becomes the reference: its schema is kept in the dataset's schema stream, once,
 * whatever runs come together there. From then on each new batch is judged alone against it, then the window. What is found
 * is kept there too, for people to accept or reject, and so are the values that accepted batches have added.
 */
@Injectable()
export class ValidateDataStep implements StepHandler {
  readonly step = Step.VALIDATE;

  constructor(@Inject(RUNTIME) private readonly runtime: Runtime) {}

  async work(context: StepContext): Promise<readonly RunEvent[]> {
    const { run, runId, spec: { dataGate: gate } } = context;
    if (run.status !== 'working' || !run.findings.ingested || !gate) throw new RefitError('INTERNAL', `run ${runId} came to validation without data`);
    const validating: Validating = { runtime: this.runtime, context, ingested: run.findings.ingested, gate };
    const known = await this.#schema(validating);
    const judged = 'refused' in known ? known.refused : await judgeAgainstSchema(validating, known.schema);
    await keepFindings(validating, judged);
    return await outcomeEvents(validating, judged);
  }

  /** The dataset's schema, inferred now where there is none; or why this data cannot be the first. */
  async #schema(validating: Validating) {
    const { runtime: { store }, context: { runId, causationId, spec }, ingested } = validating;
    const stream = schemaStream(ingested.dataset);
    const { state } = await load(store, stream, schemaDecider);
    if (isKnown(state)) return { schema: state };
    const { reference, refused } = await judgeFirstData(validating);
    if (!reference) return { refused };
    const { statistics, statisticsHash, snapshotHash } = reference;
    const command = { schema: inferSchema(statistics), referenceStatisticsHash: statisticsHash, referenceSnapshotHash: snapshotHash, referenceRows: statistics.rows, runId };
    const metadata = { correlationId: runId, causationId, actor: `pipeline ${spec.name}` };
    const inferred = await handle(store, stream, schemaDecider, (current) => decideInference(current, command), metadata);
    if (!isKnown(inferred.state)) throw new RefitError('INTERNAL', `dataset ${ingested.dataset} did not keep its schema`);
    return { schema: inferred.state };
  }
}
