import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { AliasMovedSchema, event, VersionRegisteredSchema, type ModelEvent, type VersionRegistered } from '@refit/contracts';
import { championAlias, championOf, versionOfRun, type ModelState } from './model-state.js';

export interface RegisterVersion {
  /** Everything but its number, which the model gives. */
  readonly candidate: Omit<VersionRegistered, 'version' | '$typeName'>;
  /** The champion that the gate compared it with; 0: there was none. */
  readonly comparedWith: number;
  readonly promote: boolean;
  /** Who moves the alias, and why. */
  readonly actor: string;
  readonly reason: string;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/**
 * A new version and, when asked for, the champion's alias on it. Nothing when this run has its version already, or when
 * the champion is no longer the one that it was compared with: `registrationOf` tells which.
 */
export function decideRegistration(state: ModelState, command: RegisterVersion): readonly ModelEvent[] {
  if (registrationOf(state, command).kind !== 'possible') return [];
  const { candidate, comparedWith, promote, actor, reason, now } = command;
  const at = timestampFromMs(now);
  const version = (state.versions.at(-1)?.version ?? 0) + 1;
  const registered = event(VersionRegisteredSchema, { ...candidate, version, registeredAt: at });
  if (!promote) return [registered];
  const moved = event(AliasMovedSchema, {
    alias: championAlias, fromVersion: comparedWith, toVersion: version, actor, reason, runId: candidate.runId, movedAt: at,
  });
  return [registered, moved];
}

export type Registration =
  | { readonly kind: 'done'; readonly version: number; readonly promoted: boolean; readonly previousChampion: number }
  /** The champion is another one now (0: there is none). */
  | { readonly kind: 'outdated'; readonly champion: number }
  | { readonly kind: 'possible' };

/** What has become, or can become, of a run's registration. */
export function registrationOf(state: ModelState, { candidate, comparedWith }: Pick<RegisterVersion, 'candidate' | 'comparedWith'>): Registration {
  const champion = championOf(state)?.version ?? 0;
  const own = versionOfRun(state, candidate.runId);
  if (own) {
    const move = state.moves.find((m) => m.alias === championAlias && m.runId === own.runId);
    return { kind: 'done', version: own.version, promoted: move !== undefined, previousChampion: move?.fromVersion ?? comparedWith };
  }
  return champion === comparedWith ? { kind: 'possible' } : { kind: 'outdated', champion };
}
