import { create, toJson } from '@bufbuild/protobuf';
import { digest, PipelineSpecSchema, type PipelineEvent } from '@refit/contracts';
import { describe, expect, it } from 'vitest';
import { applyPipeline, evolvePipeline, pausePipeline, pipelineDecider, resumePipeline, type PipelineState } from './pipeline.js';

const spec = (dataset: string) => create(PipelineSpecSchema, { name: 'flight-delays', dataset });
const apply = (dataset: string, sourceText = '') => applyPipeline({ spec: spec(dataset), actor: 'ada', sourceText });
const pause = pausePipeline('flight-delays', { actor: 'ada', reason: 'holidays' });
const resume = resumePipeline('flight-delays', { actor: 'ada' });
const after = (...decisions: readonly ((state: PipelineState) => readonly PipelineEvent[])[]) =>
  decisions.reduce<PipelineState>((state, decide) => decide(state).reduce(evolvePipeline, state), pipelineDecider.initialState);

describe('a pipeline', () => {
  it('starts at version 1, with the digest of its canonical JSON', () => {
    expect(apply('flights', 'name: …')(pipelineDecider.initialState)).toMatchObject([
      { version: 1, specHash: digest(toJson(PipelineSpecSchema, spec('flights'))), actor: 'ada', sourceText: 'name: …' },
    ]);
  });

  it('gets a new version only when it says something new', () => {
    const applied = after(apply('flights', 'one text'));
    expect(apply('flights', 'another text with a comment')(applied)).toEqual([]);
    expect(apply('rides')(applied)).toMatchObject([{ version: 2 }]);
  });

  it('stays paused over a new version', () => {
    expect(after(apply('flights'), pause, apply('rides'))).toMatchObject({ version: 2, paused: true });
  });

  it('is paused and resumed once', () => {
    expect(pause(after(apply('flights')))).toMatchObject([{ actor: 'ada', reason: 'holidays' }]);
    expect(pause(after(apply('flights'), pause))).toEqual([]);
    expect(resume(after(apply('flights'), pause))).toHaveLength(1);
    expect(resume(after(apply('flights')))).toEqual([]);
  });

  it('must exist', () => {
    expect(() => pause(pipelineDecider.initialState)).toThrow('there is no pipeline "flight-delays"; apply its file first');
  });
});
