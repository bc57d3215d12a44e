import { event, ExpectationResultSchema, ExpectationVerdict, type Expectation, type ExpectationResult } from '@refit/contracts';
import { percent, rowCount } from '../wording.js';
import { toleratedRows } from './decimal.js';
import { judgeRowCount } from './judge-row-count.js';
import type { Measured, RowsMeasured } from './measured.js';

/** What is said of an expectation, in the words of its message. */
export type Said = Pick<ExpectationResult, 'verdict' | 'message'> & Partial<Pick<ExpectationResult, 'judgedRows' | 'unexpectedRows' | 'toleratedRows'>>;

/**
 * The verdict on one expectation of one batch (or, with an empty name, of the window). What could not be judged is never
 * as expected: a column that is not there or has another type, SQL that fails, data without rows or without values to
 * judge. Only where its own `where` is true of no row is there nothing that could break it.
 */
export function judgeExpectation(expectation: Expectation, measured: Measured, batch: string): ExpectationResult {
  const { name, mostly } = expectation;
  return event(ExpectationResultSchema, { name, batch, mostly: mostly || 1, ...say(expectation, measured) });
}

function say(expectation: Expectation, measured: Measured): Said {
  switch (measured.is) {
    case 'unknown':
      return unknown(measured.because);
    case 'rows':
      return sayRows(expectation, measured);
    case 'newest':
      return sayNewest(expectation, measured);
    case 'rowCount':
      return expectation.expected.case === 'rowCount' ? judgeRowCount(expectation.expected.value, measured) : unknown('the rows were counted for another expectation');
  }
}

function sayRows({ mostly }: Expectation, { rows, asked, judged, unexpected }: RowsMeasured): Said {
  if (rows === 0) return unknown('there are no rows');
  if (asked === 0) return { verdict: ExpectationVerdict.KEPT, message: `it is about none of ${rowCount(rows)}` };
  if (judged === 0) return unknown(`none of ${rowCount(asked)} has a value to judge`);
  const tolerated = toleratedRows(judged, mostly);
  const counts = { judgedRows: judged, unexpectedRows: unexpected, toleratedRows: tolerated };
  const seen = `${unexpected.toLocaleString('en-US')} of ${rowCount(judged)} ${unexpected === 1 ? 'is' : 'are'} not (${percent(unexpected / judged)})`;
  const allowed = tolerated === 0 ? 'none may be' : `${tolerated.toLocaleString('en-US')} may be`;
  return { ...counts, verdict: unexpected <= tolerated ? ExpectationVerdict.KEPT : ExpectationVerdict.BROKEN, message: `${seen}, ${allowed}` };
}

function sayNewest({ expected }: Expectation, { rows, newest, now }: Extract<Measured, { is: 'newest' }>): Said {
  if (expected.case !== 'fresh') return unknown('the newest time was looked for in vain');
  if (rows === 0) return unknown('there are no rows');
  if (newest === undefined) return unknown('no row that it is about has a time');
  const age = now - newest;
  const message = `the newest time is ${new Date(newest).toISOString()}, ${span(Math.abs(age))} ${age >= 0 ? 'before' : 'after'} the ingestion, at most ${span(expected.value.withinMs)} before it`;
  return { verdict: age <= expected.value.withinMs ? ExpectationVerdict.KEPT : ExpectationVerdict.BROKEN, message };
}

const unknown = (because: string): Said => ({ verdict: ExpectationVerdict.UNKNOWN, message: because });

const units = [[86_400_000, 'd'], [3_600_000, 'h'], [60_000, 'min'], [1000, 's']] as const;

/** In the largest unit that it has one of: "2.5 d". */
function span(ms: number): string {
  const [length, unit] = units.find(([each]) => ms >= each) ?? [1, 'ms'];
  return `${Number((ms / length).toFixed(1))} ${unit}`;
}
