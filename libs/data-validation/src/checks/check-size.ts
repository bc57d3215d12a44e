import { AlertKind, FindingSeverity, type Anomaly } from '@refit/contracts';
import { anomaly, onlyAnomalies, tolerate, type Check, type Subject } from '../finding.js';
import { percentApart, rowCount } from '../wording.js';

/** Whether there is enough data to speak of: rows, values, well-formed rows. */
export const checkSize: Check = (subject) => onlyAnomalies([...fewRows(subject), ...noValues(subject), ...malformed(subject)]);

const empty = {
  kind: 'NO_DATA_IN_SPAN', severity: FindingSeverity.FAILURE, alertKind: AlertKind.EMPTY_DATA, message: 'no rows, at most a header', observed: '0',
} as const;

function fewRows(subject: Subject): readonly Anomaly[] {
  const { rows } = subject.statistics;
  const needed = Math.max(subject.gate.minimumRows, 1);
  if (rows >= needed) return [];
  if (rows === 0) return [anomaly(subject, { ...empty, expected: `at least ${needed}` })];
  return [anomaly(subject, {
    kind: 'DATASET_LOW_NUM_EXAMPLES', severity: FindingSeverity.FAILURE, alertKind: AlertKind.DISTRIBUTION,
    message: `${rowCount(rows)}, at least ${needed.toLocaleString('en-US')} needed`, observed: String(rows), expected: `at least ${needed}`, change: tolerate('DATASET_LOW_NUM_EXAMPLES', { downTo: rows }),
  })];
}

function noValues(subject: Subject): readonly Anomaly[] {
  const { rows, columns } = subject.statistics;
  if (rows === 0 || columns.some(({ missing }) => missing < rows)) return [];
  return [anomaly(subject, {
    kind: 'DATASET_WITHOUT_VALUES', severity: FindingSeverity.FAILURE, alertKind: AlertKind.FEATURE,
    message: `not one value in ${rowCount(rows)} and ${columns.length} columns`, observed: '0 values', expected: 'values',
  })];
}

function malformed(subject: Subject): readonly Anomaly[] {
  const { malformedRows, malformedLines = [], statistics, gate } = subject;
  if (malformedRows === 0) return [];
  const rate = malformedRows / (malformedRows + statistics.rows);
  const percent = percentApart(rate, gate.maximumMalformedRowRate);
  const within = rate <= gate.maximumMalformedRowRate;
  return [anomaly(subject, {
    kind: 'MALFORMED_ROWS', severity: within ? FindingSeverity.WARNING : FindingSeverity.FAILURE, alertKind: AlertKind.SCHEMA,
    message: `${rowCount(malformedRows)} malformed and left out (${percent(rate)}${onLines(malformedLines, malformedRows)}), allowed ${percent(gate.maximumMalformedRowRate)}`,
    observed: percent(rate), expected: `at most ${percent(gate.maximumMalformedRowRate)}`, change: tolerate('MALFORMED_ROWS', { upTo: rate }),
  })];
}

function onLines(lines: readonly number[], rows: number): string {
  if (lines.length === 0) return '';
  return `; ${lines.length === 1 && rows === 1 ? 'line' : 'lines'} ${lines.join(', ')}${rows > lines.length ? ', …' : ''}`;
}
