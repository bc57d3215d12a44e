import type { AliasMoved, ModelEvent } from '@refit/contracts';
import type { AliasState, ModelState } from './model-state.js';

export const initialModel: ModelState = { versions: [], aliases: new Map(), moves: [] };

/** The state after one more event; an event that is none of a model's leaves it as it is. */
export function evolveModel(state: ModelState, event: ModelEvent): ModelState {
  switch (event.$typeName) {
    case 'refit.model.v1.VersionRegistered':
      return { ...state, versions: [...state.versions, event] };
    case 'refit.model.v1.AliasMoved':
      return {
        ...state,
        aliases: new Map(state.aliases).set(event.alias, moved(state.aliases.get(event.alias), event)),
        moves: [...state.moves, event],
      };
    default:
      return state;
  }
}

/** A promotion remembers where the alias was; a rollback forgets it, so that the next one goes further back. */
function moved(alias: AliasState | undefined, { toVersion, rollback }: AliasMoved): AliasState {
  if (!alias) return { version: toVersion, before: [] };
  return { version: toVersion, before: rollback ? alias.before.slice(0, -1) : [...alias.before, alias.version] };
}

/** For `handle` and `load`. */
export const modelDecider = { initialState: initialModel, evolve: evolveModel };
