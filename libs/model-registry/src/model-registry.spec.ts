import { AliasMovedSchema, event, isRefitError, Task, VersionRegisteredSchema, type ErrorCode, type ModelEvent } from '@refit/contracts';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { describe, expect, it } from 'vitest';
import { decidePromotion, decideRegistration, decideRollback, registrationOf, championOf, modelDecider, type ModelState } from './index.js';

const now = 1_000_000;
const at = timestampFromMs(now);
const { $typeName: _, version: __, ...template } = event(VersionRegisteredSchema, { pipeline: 'delays', task: Task.BINARY, artifactHash: 'a1', seed: 7 });

const candidateOf = (runId: string) => ({ ...template, runId });
const registered = (version: number, runId = `run ${version}`) => event(VersionRegisteredSchema, { ...template, version, runId, registeredAt: at });
const promoted = (fromVersion: number, toVersion: number, runId = `run ${toVersion}`) =>
  event(AliasMovedSchema, { alias: 'champion', fromVersion, toVersion, runId, actor: 'pipeline delays', reason: 'passed its gates', movedAt: at });

const given = (...events: ModelEvent[]): ModelState => events.reduce(modelDecider.evolve, modelDecider.initialState);
const register = (runId: string, comparedWith: number, promote = true) =>
  ({ candidate: candidateOf(runId), comparedWith, promote, actor: 'pipeline delays', reason: 'passed its gates', now });
const by = { model: 'delays', alias: 'champion', actor: 'ada', reason: 'looks better', now };
const movedByAda = (fromVersion: number, toVersion: number, rollback = false) =>
  event(AliasMovedSchema, { alias: 'champion', fromVersion, toVersion, rollback, actor: 'ada', reason: 'looks better', movedAt: at });

describe('registering what passed its gates', () => {
  it('makes the first version, and it champion', () => {
    expect(decideRegistration(given(), register('run 1', 0))).toEqual([registered(1), promoted(0, 1)]);
  });

  it('numbers versions on, and moves the champion from the one it was compared with', () => {
    const state = given(registered(1), promoted(0, 1));
    expect(decideRegistration(state, register('run 2', 1))).toEqual([registered(2), promoted(1, 2)]);
  });

  it('leaves the champion where it is when the pipeline does not promote', () => {
    const state = given(registered(1), promoted(0, 1));
    expect(decideRegistration(state, register('run 2', 1, false))).toEqual([registered(2)]);
  });

  it('makes nothing the second time, and remembers the first', () => {
    const state = given(registered(1), promoted(0, 1), registered(2), promoted(1, 2), registered(3), promoted(2, 3));
    expect(decideRegistration(state, register('run 2', 1))).toEqual([]);
    expect(registrationOf(state, register('run 2', 1))).toEqual({ kind: 'done', version: 2, promoted: true, previousChampion: 1 });
  });

  it('remembers that it was not promoted, also when a person promoted it later', () => {
    const state = given(registered(1), promoted(0, 1), registered(2), movedByAda(1, 2));
    expect(registrationOf(state, register('run 2', 1))).toMatchObject({ kind: 'done', version: 2, promoted: false });
  });

  it.each([
    ['a first champion came meanwhile', given(registered(1), promoted(0, 1)), 0, 1],
    ['another challenger won meanwhile', given(registered(1), promoted(0, 1), registered(2), promoted(1, 2)), 1, 2],
    ['the champion was rolled back meanwhile', given(registered(1), promoted(0, 1), registered(2), promoted(1, 2), movedByAda(2, 1, true)), 2, 1],
  ])('does nothing when %s', (_name, state, comparedWith, champion) => {
    expect(decideRegistration(state, register('run 9', comparedWith))).toEqual([]);
    expect(registrationOf(state, register('run 9', comparedWith))).toEqual({ kind: 'outdated', champion });
  });
});

describe('promoting a version', () => {
  const state = given(registered(1), promoted(0, 1), registered(2));

  it('moves the alias', () => {
    expect(decidePromotion(state, { ...by, version: 2 })).toEqual([movedByAda(1, 2)]);
  });

  it('makes an alias that did not exist', () => {
    expect(decidePromotion(state, { ...by, alias: 'shadow', version: 2 })).toMatchObject([{ alias: 'shadow', fromVersion: 0, toVersion: 2 }]);
  });

  it.each([
    ['an unknown model', given(), 1, 'MODEL_NOT_FOUND'],
    ['an unknown version', state, 3, 'MODEL_VERSION_NOT_FOUND'],
    ['where it is already', state, 1, 'ALIAS_UNCHANGED'],
  ] as const)('refuses %s', (_name, model, version, code) => {
    expect(refusal(() => decidePromotion(model, { ...by, version }))).toBe(code);
  });
});

describe('rolling back', () => {
  const three = [registered(1), promoted(0, 1), registered(2), promoted(1, 2), registered(3), promoted(2, 3)];
  const rollBack = (events: readonly ModelEvent[]) => [...events, ...decideRollback(given(...events), by)];

  it('goes back to the champion before, and again further back', () => {
    const once = rollBack(three);
    expect(once.at(-1)).toEqual(movedByAda(3, 2, true));
    expect(rollBack(once).at(-1)).toEqual(movedByAda(2, 1, true));
    expect(championOf(given(...rollBack(once)))?.version).toBe(1);
  });

  it('ends at the first one', () => {
    expect(refusal(() => rollBack(rollBack(rollBack(three))))).toBe('ALIAS_UNCHANGED');
  });

  it('undoes a promotion that followed a rollback, to where that had led', () => {
    const events = [...rollBack(three), registered(4), promoted(2, 4)];
    expect(rollBack(events).at(-1)).toEqual(movedByAda(4, 2, true));
    expect(rollBack(rollBack(events)).at(-1)).toEqual(movedByAda(2, 1, true));
  });

  it('knows each alias for itself', () => {
    const shadow = event(AliasMovedSchema, { alias: 'shadow', fromVersion: 0, toVersion: 3 });
    expect(refusal(() => decideRollback(given(...three, shadow), { ...by, alias: 'shadow' }))).toBe('ALIAS_UNCHANGED');
    expect(refusal(() => decideRollback(given(...three), { ...by, alias: 'shadow' }))).toBe('MODEL_VERSION_NOT_FOUND');
    expect(refusal(() => decideRollback(given(), by))).toBe('MODEL_NOT_FOUND');
  });
});

it('an event that is none of a model’s changes nothing', () => {
  const state = given(registered(1));
  expect(modelDecider.evolve(state, { $typeName: 'refit.model.v9.Unheard' } as unknown as ModelEvent)).toBe(state); // from a later version
});

function refusal(act: () => unknown): ErrorCode | undefined {
  try {
    act();
  } catch (error) {
    if (isRefitError(error)) return error.code;
    throw error;
  }
  return undefined;
}
