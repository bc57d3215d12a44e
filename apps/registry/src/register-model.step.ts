import { Inject, Injectable } from '@nestjs/common';
import {
  ComparisonOutdatedSchema, event, GateVerdict, ModelRegisteredSchema, modelStream, RefitError, Step,
  type ModelAccepted, type RunEvent,
} from '@refit/contracts';
import { championOf, decideRegistration, modelDecider, registrationOf, type ModelState, type RegisterVersion } from '@refit/model-registry';
import { handle, type StepContext, type StepHandler } from '@refit/saga';
import { RUNTIME, type Runtime } from '@refit/service';
import { versionCandidate } from './version-candidate.js';

/**
 * ModelAccepted → ModelRegistered, or ComparisonOutdated when another champion came while this model was judged.
 *
 * The version and the champion's alias are appended to the model's stream together, at the revision at which the champion
 * was still the one compared with. The step executed again finds the version of its run and answers the same.
 */
@Injectable()
export class RegisterModelStep implements StepHandler {
  readonly step = Step.REGISTER;

  constructor(@Inject(RUNTIME) private readonly runtime: Runtime) {}

  async work(context: StepContext): Promise<readonly RunEvent[]> {
    const { run, runId, spec, causationId, signal } = context;
    if (run.status !== 'working' || !run.findings.accepted || !spec.registration) {
      throw new RefitError('INTERNAL', `run ${runId} came to be registered without a model that was accepted`);
    }
    const { accepted } = run.findings;
    const { withoutPromotion } = run.request;
    const { model, promote } = spec.registration;
    const command: RegisterVersion = {
      candidate: versionCandidate(run, runId),
      comparedWith: accepted.championVersion,
      promote: promote && !withoutPromotion,
      actor: `pipeline ${spec.name}`,
      reason: reasonOf(accepted),
      now: context.now(),
    };
    signal.throwIfAborted();
    const { state } = await handle(
      this.runtime.store, modelStream(model), modelDecider, (current) => decideRegistration(current, withoutPromotion ? besideChampion(current, command) : command),
      { correlationId: runId, causationId, actor: command.actor },
    );
    const registration = registrationOf(state, withoutPromotion ? besideChampion(state, command) : command);
    switch (registration.kind) {
      case 'done': {
        const { version, promoted, previousChampion } = registration;
        return [event(ModelRegisteredSchema, { model, version, promoted, previousChampion })];
      }
      case 'outdated':
        return [event(ComparisonOutdatedSchema, {
          comparedWith: accepted.championVersion, championVersion: registration.champion, round: run.round + 1,
        })];
      case 'possible':
        throw new RefitError('INTERNAL', `model ${model} did not take the version of run ${runId}`);
    }
  }
}

/** Who takes nobody's place was compared with nobody, and may be registered whoever the champion is. */
const besideChampion = (state: ModelState, command: RegisterVersion): RegisterVersion => ({ ...command, comparedWith: championOf(state)?.version ?? 0 });

/** A sentence for the history of the alias. */
function reasonOf({ gates, championVersion }: ModelAccepted): string {
  const passed = gates.filter((gate) => gate.verdict === GateVerdict.PASS).length;
  const count = `passed ${passed} of ${gates.length} gates`;
  return championVersion === 0 ? `${count}; there was no champion to compare with` : `${count}, compared with v${championVersion}`;
}
