import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { AliasMovedSchema, event, RefitError, type ModelEvent } from '@refit/contracts';
import { findVersion, type ModelState } from './model-state.js';

export interface MoveAlias {
  /** For messages. */
  readonly model: string;
  readonly alias: string;
  readonly actor: string;
  readonly reason: string;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/**
 * A person moves an alias to a version. Every registered version has passed its gates.
 *
 * @throws RefitError MODEL_NOT_FOUND, MODEL_VERSION_NOT_FOUND, ALIAS_UNCHANGED
 */
export function decidePromotion(state: ModelState, command: MoveAlias & { readonly version: number }): readonly ModelEvent[] {
  requireModel(state, command.model);
  const { model, alias, version } = command;
  if (!findVersion(state, version)) {
    throw new RefitError('MODEL_VERSION_NOT_FOUND', `model ${model} has no version ${version}; its latest is ${state.versions.length}`);
  }
  const from = state.aliases.get(alias)?.version ?? 0;
  if (from === version) throw new RefitError('ALIAS_UNCHANGED', `${alias} of model ${model} is version ${version} already`);
  return [moveTo(command, from, version, false)];
}

/**
 * The alias goes back to where it was before its last promotion; again, to where it was before that.
 *
 * @throws RefitError MODEL_NOT_FOUND; MODEL_VERSION_NOT_FOUND when there is no such alias; ALIAS_UNCHANGED when there is
 * nothing further back
 */
export function decideRollback(state: ModelState, command: MoveAlias): readonly ModelEvent[] {
  requireModel(state, command.model);
  const { model, alias } = command;
  const current = state.aliases.get(alias);
  if (!current) throw new RefitError('MODEL_VERSION_NOT_FOUND', `model ${model} has no alias ${alias}; promote a version first`);
  const to = current.before.at(-1);
  if (to === undefined) {
    throw new RefitError('ALIAS_UNCHANGED', `${alias} of model ${model} is version ${current.version} and was nowhere before that: there is nothing to roll back to`);
  }
  return [moveTo(command, current.version, to, true)];
}

function requireModel(state: ModelState, model: string): void {
  if (state.versions.length === 0) throw new RefitError('MODEL_NOT_FOUND', `there is no model ${model}; see \`refit models\``);
}

const moveTo = ({ alias, actor, reason, now }: MoveAlias, fromVersion: number, toVersion: number, rollback: boolean) =>
  event(AliasMovedSchema, { alias, fromVersion, toVersion, actor, reason, rollback, movedAt: timestampFromMs(now) });
