import type { DomainEvent } from '@refit/contracts';
import { stepName } from '@refit/run';
import { sentence } from '../../story/sentences.js';
import { shortId } from './ids.js';
import { countOf } from './words.js';

type Texts = { readonly [T in DomainEvent['$typeName']]?: (event: Extract<DomainEvent, { $typeName: T }>) => string };

const by = (actor: string) => (actor === '' ? '' : ` by ${actor}`);
const because = (reason: string) => (reason === '' ? '' : `: ${reason}`);

/** What the story passes over, but a reader of the log asks for. */
const texts: Texts = {
  'refit.pipeline.v1.PipelineApplied': ({ version, actor }) => `v${version} applied${by(actor)}`,
  'refit.pipeline.v1.PipelinePaused': ({ actor, reason }) => `paused${by(actor)}${because(reason)}`,
  'refit.pipeline.v1.PipelineResumed': ({ actor }) => `resumed${by(actor)}`,
  'refit.trigger.v1.RunStarted': ({ runId, specVersion, batches }) => `run ${shortId(runId)} of v${specVersion}${batches.length > 0 ? ` with ${batches.map((b) => b.name).join(', ')}` : ''}`,
  'refit.trigger.v1.RunClosed': ({ runId, outcome }) => `run ${shortId(runId)} ended: ${outcome}`,
  'refit.trigger.v1.RunReopened': ({ runId, actor }) => `run ${shortId(runId)} revived${by(actor)}`,
  'refit.trigger.v1.DeadLetterParked': ({ letterId, code, reason }) => `${shortId(letterId)}: ${code}: ${reason}`,
  'refit.trigger.v1.DeadLetterRetried': ({ letterId, succeeded, reason }) => `${shortId(letterId)} ${succeeded ? 'was taken' : `failed again${because(reason)}`}`,
  'refit.trigger.v1.DeadLetterDiscarded': ({ letterId, actor, reason }) => `${shortId(letterId)} discarded${by(actor)}${because(reason)}`,
  'refit.run.v1.RunRequested': ({ pipeline, specVersion, reason }) => `${pipeline} v${specVersion}: ${reason?.summary || 'no summary'}`,
  'refit.run.v1.StepClaimed': ({ step, attempt, instanceId, takenOverFrom }) => `${stepName(step)}, attempt ${attempt}, by ${instanceId}${takenOverFrom === '' ? '' : `, taken over from ${takenOverFrom}`}`,
  'refit.dataset.v1.BatchIngested': ({ batch, version, snapshot }) => `${batch?.name} v${version}, ${countOf(snapshot?.rows ?? 0, 'row')}`,
  'refit.dataset.v1.BatchJudged': ({ batch, version, accepted, pipeline, reason }) => `${batch} v${version} ${accepted ? 'accepted' : 'refused'} for ${pipeline}${because(reason)}`,
  'refit.dataset.v1.BatchReopened': ({ batch, version, pipeline, actor, reason }) => `${batch} v${version} is to be judged again for ${pipeline}${by(actor)}${because(reason)}`,
  'refit.dataset.v1.WindowFrozen': ({ version, batches, snapshot }) => `v${version}: ${countOf(batches.length, 'batch', 'batches')}, ${countOf(snapshot?.rows ?? 0, 'row')}`,
  'refit.schema.v1.SchemaInferred': ({ version, schema, referenceRows }) => `v${version}: ${countOf(schema?.columns.length ?? 0, 'column')} from ${countOf(referenceRows, 'row')}`,
  'refit.validation.v1.ChangesProposed': ({ proposals, refusedBatches }) => `${countOf(proposals.length, 'proposal')}${refusedBatches.length > 0 ? `, refused: ${refusedBatches.map(({ name }) => name).join(', ')}` : ''}`,
  'refit.validation.v1.ProposalsDecided': ({ ids, accepted, actor, reason }) => `${ids.join(', ')} ${accepted ? 'accepted' : 'rejected'}${by(actor)}${because(reason)}`,
  'refit.validation.v1.SchemaChanged': ({ version, actor, reason }) => `v${version}${by(actor)}${because(reason)}`,
  'refit.validation.v1.ReferenceReplaced': ({ version, batch, referenceRows, actor, reason }) => `v${version}: ${countOf(referenceRows, 'row')}${batch === '' ? '' : ` of ${batch}`} are the reference${by(actor)}${because(reason)}`,
  'refit.validation.v1.BatchCleared': ({ batch, version, pipeline, actor, reason }) => `${batch} v${version} may be judged again for ${pipeline}${by(actor)}${because(reason)}`,
  'refit.schema.v1.OffendersKept': ({ hash, runId, batch, rows }) => `${countOf(rows, 'row')} of ${batch === '' ? 'the window' : batch} in run ${shortId(runId)} broke expectations: ${hash.slice(0, 12)}`,
  'refit.schema.v1.OffendersForgotten': ({ hashes, actor, reason }) => `${hashes.map((hash) => hash.slice(0, 12)).join(', ')} forgotten${by(actor)}${because(reason)}`,
  'refit.model.v1.VersionRegistered': ({ version, runId, artifactHash }) => `v${version} of run ${shortId(runId)}, artifact ${artifactHash.slice(0, 12)}`,
};

/** What an event says; undefined when there are no words for its type. */
export function eventText(event: DomainEvent): string | undefined {
  const text = texts[event.$typeName] as ((e: DomainEvent) => string) | undefined; // the table pairs type and text
  return text?.(event) ?? sentence(event)?.text;
}
