import type { AliasMoved, VersionRegistered } from '@refit/contracts';

/** The alias that names the version in use. */
export const championAlias = 'champion';

export interface AliasState {
  readonly version: number;
  /** Where it was before, oldest first: promotions add to it, rollbacks take from it. */
  readonly before: readonly number[];
}

/** A model's versions and aliases: a fold over its stream. */
export interface ModelState {
  /** Version n is at n − 1. */
  readonly versions: readonly VersionRegistered[];
  readonly aliases: ReadonlyMap<string, AliasState>;
  /** Every move of every alias, oldest first. */
  readonly moves: readonly AliasMoved[];
}

/** Undefined while the model has none. */
export function championOf(state: ModelState): VersionRegistered | undefined {
  const alias = state.aliases.get(championAlias);
  return alias && findVersion(state, alias.version);
}

export const findVersion = (state: ModelState, version: number): VersionRegistered | undefined => state.versions.find((v) => v.version === version);

/** The version that a run registered: at most one. */
export const versionOfRun = (state: ModelState, runId: string): VersionRegistered | undefined => state.versions.find((v) => v.runId === runId);
