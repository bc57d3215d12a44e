import { Inject, Injectable } from '@nestjs/common';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { AlertRaisedSchema, event, FindingSeverity, ModelAcceptedSchema, ModelRejectedSchema, RefitError, Step, type RunEvent } from '@refit/contracts';
import { judgeModel } from '@refit/model-validation';
import type { StepContext, StepHandler } from '@refit/saga';
import { RUNTIME, type Runtime } from '@refit/service';
import { tellsNothingNew } from './nothing-new.js';

/** ModelEvaluated → ModelAccepted or, with an alert where that is news, ModelRejected. Microseconds, so it is done in place. */
@Injectable()
export class JudgeModelStep implements StepHandler {
  readonly step = Step.JUDGE;

  constructor(@Inject(RUNTIME) private readonly runtime: Pick<Runtime, 'store'>) {}

  async work(context: StepContext): Promise<readonly RunEvent[]> {
    const { run, runId, spec } = context;
    if (run.status !== 'working' || !run.findings.evaluated || !run.findings.transformed || !spec.modelGate) {
      throw new RefitError('INTERNAL', `run ${runId} came to be judged without a model that was evaluated`);
    }
    const { evaluated, transformed } = run.findings;
    const { results, verdict, summary } = judgeModel(spec.modelGate, evaluated, transformed.task);
    const judged = { gates: [...results], championVersion: evaluated.comparison?.championVersion ?? 0 };
    if (verdict === 'accepted') return [event(ModelAcceptedSchema, judged)];
    const rejected = event(ModelRejectedSchema, judged);
    // When in doubt it is news.
    if (await tellsNothingNew(this.runtime.store, run.request, evaluated).catch(() => false)) return [rejected];
    const alert = event(AlertRaisedSchema, {
      kind: 'model-validation', severity: FindingSeverity.FAILURE, title: `${spec.name}: the model gate said no`, message: summary,
      raisedAt: timestampFromMs(context.now()),
    });
    return [alert, rejected];
  }
}
