import { pipelineStream, RefitError, type PipelineEvent, type PipelineSpec } from '@refit/contracts';
import type { EventStore } from '@refit/event-store';
import { load } from './command-handling.js';

export type SpecReader = (pipeline: string, version: number) => Promise<PipelineSpec>;

/** Reads pipeline specs by version from the pipelines' streams. A version never changes, so it is kept. */
export function pipelineSpecs(store: EventStore): SpecReader {
  const known = new Map<string, PipelineSpec>();
  return async (pipeline, version) => {
    const key = `${pipeline} ${version}`;
    if (!known.has(key)) {
      const { state } = await load(store, pipelineStream(pipeline), specVersions);
      for (const [v, spec] of state) known.set(`${pipeline} ${v}`, spec);
    }
    const spec = known.get(key);
    if (!spec) throw new RefitError('PIPELINE_NOT_FOUND', `pipeline ${pipeline} has no version ${version}`);
    return spec;
  };
}

const specVersions = {
  initialState: new Map<number, PipelineSpec>() as ReadonlyMap<number, PipelineSpec>,
  evolve(state: ReadonlyMap<number, PipelineSpec>, event: PipelineEvent): ReadonlyMap<number, PipelineSpec> {
    if (event.$typeName !== 'refit.pipeline.v1.PipelineApplied' || !event.spec) return state;
    return new Map(state).set(event.version, event.spec);
  },
};
