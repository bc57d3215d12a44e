import { digest, type RunEvent } from '@refit/contracts';
import { evolveRun, initialRun } from './evolve-run.js';
import type { RunState } from './run-state.js';

export const runDecider: { readonly initialState: RunState; evolve(state: RunState, event: RunEvent): RunState } = {
  initialState: initialRun,
  evolve: evolveRun,
};

/** SHA-256 of a run's state: equal for equal histories, on every machine. */
export const runStateDigest = (state: RunState): string => digest(state);
