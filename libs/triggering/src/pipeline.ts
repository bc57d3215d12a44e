import { toJson } from '@bufbuild/protobuf';
import {
  digest, event, PipelineAppliedSchema, PipelinePausedSchema, PipelineResumedSchema, PipelineSpecSchema, RefitError, type PipelineEvent, type PipelineSpec,
} from '@refit/contracts';

/** The state of a stream pipeline-<name>. */
export type PipelineState =
  | { readonly status: 'none' }
  | { readonly status: 'applied'; readonly spec: PipelineSpec; readonly version: number; readonly specHash: string; readonly paused: boolean; readonly pause?: Pause };

/** Who paused a pipeline, and why. */
export interface Pause {
  readonly actor: string;
  readonly reason: string;
}

export const pipelineDecider = { initialState: { status: 'none' } as PipelineState, evolve: evolvePipeline };

/** The state after one more event. Total. */
export function evolvePipeline(state: PipelineState, e: PipelineEvent): PipelineState {
  if (e.$typeName === 'refit.pipeline.v1.PipelineApplied') {
    if (!e.spec) return state;
    const kept = state.status === 'applied' ? state : { paused: false };
    return { ...kept, status: 'applied', spec: e.spec, version: e.version, specHash: e.specHash };
  }
  if (state.status === 'none') return state;
  switch (e.$typeName) {
    case 'refit.pipeline.v1.PipelinePaused':
      return { ...state, paused: true, pause: { actor: e.actor, reason: e.reason } };
    case 'refit.pipeline.v1.PipelineResumed': {
      const { pause: _over, ...resumed } = state;
      return { ...resumed, paused: false };
    }
    default:
      return state;
  }
}

export interface ApplyPipeline {
  readonly spec: PipelineSpec;
  readonly actor: string;
  readonly sourceText: string;
}

/** A new version when the spec says something new; comments and order of keys do not count. */
export const applyPipeline = ({ spec, actor, sourceText }: ApplyPipeline) => (state: PipelineState): readonly PipelineEvent[] => {
  const specHash = digest(toJson(PipelineSpecSchema, spec));
  if (state.status === 'applied' && state.specHash === specHash) return [];
  const version = state.status === 'applied' ? state.version + 1 : 1;
  return [event(PipelineAppliedSchema, { spec, version, specHash, actor, sourceText })];
};

/** @throws RefitError PIPELINE_NOT_FOUND */
export const pausePipeline = (name: string, { actor, reason }: { readonly actor: string; readonly reason: string }) => (state: PipelineState): readonly PipelineEvent[] =>
  applied(state, name).paused ? [] : [event(PipelinePausedSchema, { actor, reason })];

/** @throws RefitError PIPELINE_NOT_FOUND */
export const resumePipeline = (name: string, { actor }: { readonly actor: string }) => (state: PipelineState): readonly PipelineEvent[] =>
  applied(state, name).paused ? [event(PipelineResumedSchema, { actor })] : [];

function applied(state: PipelineState, name: string) {
  if (state.status === 'applied') return state;
  throw new RefitError('PIPELINE_NOT_FOUND', `there is no pipeline "${name}"; apply its file first: refit apply FILE`);
}
