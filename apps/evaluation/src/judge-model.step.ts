import { Injectable } from '@nestjs/common';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { AlertRaisedSchema, event, FindingSeverity, ModelAcceptedSchema, ModelRejectedSchema, RefitError, Step, type RunEvent } from '@refit/contracts';
import { judgeModel } from '@refit/model-validation';
import type { StepContext, StepHandler } from '@refit/saga';

/** ModelEvaluated → ModelAccepted or, with an alert, ModelRejected. Microseconds, so it is done in place. */
@Injectable()
export class JudgeModelStep implements StepHandler {
  readonly step = Step.JUDGE;

  work(context: StepContext): Promise<readonly RunEvent[]> {
    const { run, runId, spec } = context;
    if (run.status !== 'working' || !run.findings.evaluated || !run.findings.transformed || !spec.modelGate) {
      throw new RefitError('INTERNAL', `run ${runId} came to be judged without a model that was evaluated`);
    }
    const { evaluated, transformed } = run.findings;
    const { results, verdict, summary } = judgeModel(spec.modelGate, evaluated, transformed.task);
    const judged = { gates: [...results], championVersion: evaluated.comparison?.championVersion ?? 0 };
    if (verdict === 'accepted') return Promise.resolve([event(ModelAcceptedSchema, judged)]);
    const alert = event(AlertRaisedSchema, {
      kind: 'model-validation', severity: FindingSeverity.FAILURE, title: `${spec.name}: the model gate said no`, message: summary,
      raisedAt: timestampFromMs(context.now()),
    });
    return Promise.resolve([alert, event(ModelRejectedSchema, judged)]);
  }
}
