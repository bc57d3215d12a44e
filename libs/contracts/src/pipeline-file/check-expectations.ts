import { durationMs } from './durations.js';
import { expectationKinds, expectationName, rowCountBand } from './expectations.js';
import type { ExpectationMapping } from './expectation-mapping.js';
import type { PipelineFault } from './fault.js';
import type { PipelineFile } from './pipeline-file.js';

type Path = PipelineFault['path'];

const value = (path: Path, message: string): PipelineFault => ({ path, at: 'value', message });

/** Expectations are told apart by name, and each reads only what has a meaning for it. */
export function checkExpectations({ dataGate: gate = {} }: Pick<PipelineFile, 'dataGate'>): readonly PipelineFault[] {
  const seen = new Set<string>();
  return (gate.expectations ?? []).flatMap((expectation, i) => {
    const path = ['dataGate', 'expectations', i];
    const name = expectationName(expectation);
    const faults = [...checkScope(expectation, path), ...checkBetween(expectation, path), ...checkBand(expectation, path), ...checkFresh(expectation, path)];
    if (seen.has(name)) faults.push(value(expectation.name === undefined ? path : [...path, 'name'], `two expectations are named ${JSON.stringify(name)}; give each its own name`));
    seen.add(name);
    return faults;
  });
}

/** What an expectation of the data as a whole cannot be told. */
const notOfWholes: Readonly<Partial<Record<(typeof expectationKinds)[number], readonly ('mostly' | 'where')[]>>> = {
  rowCount: ['mostly', 'where'], fresh: ['mostly'], disjoint: ['where'],
};

function checkScope(expectation: ExpectationMapping, path: Path): PipelineFault[] {
  const kind = expectationKinds.find((key) => expectation[key] !== undefined);
  const foreign = (kind && notOfWholes[kind])?.filter((key) => expectation[key] !== undefined) ?? [];
  return foreign.map((key) => ({ path: [...path, key], at: 'key', message: `${kind} does not judge single rows, so "${key}" has no meaning for it; leave it out` }));
}

function checkBetween({ between }: ExpectationMapping, path: Path): readonly PipelineFault[] {
  if (!between) return [];
  const { minimum, maximum } = between;
  if (minimum === undefined && maximum === undefined) return [{ path: [...path, 'between'], at: 'key', message: 'expected a minimum, a maximum or both; found neither' }];
  const faults = (['minimum', 'maximum'] as const).flatMap((side) => {
    const bound = between[side];
    return bound === undefined || boundOf(bound) ? [] : [value([...path, 'between', side], `expected a number, or a time such as 2026-01-31 or 2026-01-31T08:00:00Z; found ${JSON.stringify(bound)}`)];
  });
  const [low, high] = [minimum, maximum].map((bound) => (bound === undefined ? undefined : boundOf(bound)));
  if (faults.length > 0 || !low || !high) return faults;
  if (low.is !== high.is) return [value([...path, 'between', 'maximum'], `expected a ${low.is}, as the minimum is one; found ${JSON.stringify(maximum)}`)];
  return low.at <= high.at ? [] : [{ path: [...path, 'between'], at: 'key', message: `the minimum must not be above the maximum; found ${minimum} above ${maximum}` }];
}

const decimal = /^[-+]?(\d+(\.\d*)?|\.\d+)(e[-+]?\d+)?$/iu;
const time = /^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?Z?)?$/u;

/** A bound of an interval; undefined where it is neither a number nor a time. Times are UTC. */
export function boundOf(bound: number | string): { readonly is: 'number' | 'time'; readonly at: number } | undefined {
  const number = typeof bound === 'number' || decimal.test(bound) ? Number(bound) : NaN;
  if (Number.isFinite(number)) return { is: 'number', at: number };
  if (typeof bound !== 'string' || !time.test(bound)) return undefined;
  const at = Date.parse(bound.length > 10 && !bound.endsWith('Z') ? `${bound.replace(' ', 'T')}Z` : bound.replace(' ', 'T'));
  // A day that a month does not have would be one of the next month.
  return Number.isNaN(at) || new Date(at).toISOString().slice(0, 10) !== bound.slice(0, 10) ? undefined : { is: 'time', at };
}

function checkBand({ rowCount }: ExpectationMapping, path: Path): readonly PipelineFault[] {
  if (!rowCount) return [];
  const { atLeast, atMost } = rowCountBand(rowCount);
  return atLeast <= atMost ? [] : [{ path: [...path, 'rowCount'], at: 'key', message: `atLeast must not be above atMost; found ${atLeast} above ${atMost}` }];
}

const checkFresh = ({ fresh }: ExpectationMapping, path: Path): readonly PipelineFault[] =>
  fresh === undefined || durationMs(fresh.within) > 0 ? [] : [value([...path, 'fresh', 'within'], `expected a duration longer than nothing; found ${JSON.stringify(fresh.within)}`)];
