import { timestampFromMs, timestampMs } from '@bufbuild/protobuf/wkt';
import { event, OffendersForgottenSchema, OffendersKeptSchema, RefitError, type OffendersEvent } from '@refit/contracts';

/** What is kept of rows that broke expectations, and what no more: the fold of stream offenders-<dataset>. */
export interface OffendersState {
  /** By hash of the artifact; the same rows may have broken them in several runs. */
  readonly kept: ReadonlyMap<string, readonly KeptOffenders[]>;
  readonly forgotten: ReadonlyMap<string, Forgetting>;
}

export interface KeptOffenders {
  readonly hash: string;
  readonly runId: string;
  readonly pipeline: string;
  /** Empty: the window. */
  readonly batch: string;
  readonly expectations: readonly string[];
  /** How many rows broke them, in all. */
  readonly rows: number;
}

export interface Forgetting {
  readonly actor: string;
  readonly reason: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

export const offendersDecider = {
  initialState: { kept: new Map(), forgotten: new Map() } as OffendersState, // wider than the literal's type
  evolve: (state: OffendersState, e: OffendersEvent): OffendersState => {
    switch (e.$typeName) {
      case 'refit.schema.v1.OffendersKept': {
        const { hash, runId, pipeline, batch, expectations, rows } = e;
        return { ...state, kept: new Map(state.kept).set(hash, [...(state.kept.get(hash) ?? []), { hash, runId, pipeline, batch, expectations, rows }]) };
      }
      case 'refit.schema.v1.OffendersForgotten': {
        const forgetting = { actor: e.actor, reason: e.reason, at: e.forgottenAt ? timestampMs(e.forgottenAt) : 0 };
        return { ...state, forgotten: new Map([...state.forgotten, ...e.hashes.map((hash) => [hash, forgetting] as const)]) };
      }
      default:
        return state;
    }
  },
};

/** Records where they are kept, once for each run and batch; never again what was forgotten. */
export function decideKeeping(state: OffendersState, kept: KeptOffenders): readonly OffendersEvent[] {
  if (state.forgotten.has(kept.hash)) return [];
  const isKnown = state.kept.get(kept.hash)?.some(({ runId, batch }) => runId === kept.runId && batch === kept.batch);
  return isKnown ? [] : [event(OffendersKeptSchema, { ...kept, expectations: [...kept.expectations] })];
}

/** Which offenders are meant: an artifact, all of a run, or all of a batch in any run. */
export type OffendersChoice = { readonly hash: string } | { readonly runId: string } | { readonly batch: string };

export function chosenOffenders({ kept }: OffendersState, choice: OffendersChoice): readonly KeptOffenders[] {
  return [...kept.values()].flat().filter(({ hash, runId, batch }) =>
    'hash' in choice ? hash === choice.hash : 'runId' in choice ? runId === choice.runId : batch !== '' && batch === choice.batch);
}

export interface ForgetOffenders {
  readonly choice: OffendersChoice;
  readonly actor: string;
  readonly reason: string;
  readonly now: number;
}

/** As many hashes as leave an event well below its limit. */
const mostHashes = 500;

/**
 * Records that a person has them deleted; nothing where all of them are forgotten already.
 *
 * @throws RefitError ARTIFACT_NOT_FOUND when nothing of that kind was ever kept
 */
export function decideForgetting(state: OffendersState, { choice, actor, reason, now }: ForgetOffenders): readonly OffendersEvent[] {
  const chosen = [...new Set(chosenOffenders(state, choice).map(({ hash }) => hash))];
  if (chosen.length === 0) throw new RefitError('ARTIFACT_NOT_FOUND', `no offending rows were kept for ${inWords(choice)}; see refit data offenders`);
  const hashes = chosen.filter((hash) => !state.forgotten.has(hash));
  return Array.from({ length: Math.ceil(hashes.length / mostHashes) }, (_, i) =>
    event(OffendersForgottenSchema, { hashes: hashes.slice(i * mostHashes, (i + 1) * mostHashes), actor, reason, forgottenAt: timestampFromMs(now) }));
}

const inWords = (choice: OffendersChoice) => ('hash' in choice ? choice.hash : 'runId' in choice ? `run ${choice.runId}` : `batch ${choice.batch}`);
