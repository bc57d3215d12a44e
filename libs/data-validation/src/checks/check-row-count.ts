import { AlertKind, FindingSeverity, type Anomaly } from '@refit/contracts';
import { anomaly, onlyAnomalies, tolerate, type Check, type Subject } from '../finding.js';
import { number, rowCount } from '../wording.js';

/** Where the pipeline file says nothing: a batch with so few, or so many, of the reference's rows is another kind of delivery. */
const usual = { minimum: 0.02, maximum: 50 };

/** Whether there are more rows than are wanted, and how many there are beside the reference's. A window may be of any length. */
export const checkRowCount: Check = (subject) => onlyAnomalies([...tooMany(subject), ...besideReference(subject)]);

function tooMany(subject: Subject): readonly Anomaly[] {
  const { statistics: { rows }, gate: { maximumRows } } = subject;
  if (maximumRows === undefined || rows <= maximumRows) return [];
  return [anomaly(subject, {
    kind: 'DATASET_HIGH_NUM_EXAMPLES', severity: FindingSeverity.FAILURE, alertKind: AlertKind.DISTRIBUTION,
    message: `${rowCount(rows)}, at most ${maximumRows.toLocaleString('en-US')} allowed`, observed: String(rows), expected: `at most ${maximumRows}`,
    change: tolerate('DATASET_HIGH_NUM_EXAMPLES', { upTo: rows }),
  })];
}

function besideReference(subject: Subject): readonly Anomaly[] {
  const { statistics: { rows }, gate, expected, batch } = subject;
  if (batch === '' || !expected || expected.reference.rows === 0) return [];
  const [minimum, maximum] = [gate.minimumRowsOfReference ?? usual.minimum, gate.maximumRowsOfReference ?? usual.maximum];
  const times = rows / expected.reference.rows;
  if (times >= minimum && times <= maximum) return [];
  const isLow = times < minimum;
  const kind = isLow ? 'COMPARATOR_LOW_NUM_EXAMPLES' : 'COMPARATOR_HIGH_NUM_EXAMPLES';
  return [anomaly(subject, {
    kind, severity: FindingSeverity.WARNING, alertKind: AlertKind.DISTRIBUTION,
    message: `${rowCount(rows)}, ${number(times)} times those of the reference (${expected.reference.rows.toLocaleString('en-US')}), expected ${isLow ? `at least ${minimum}` : `at most ${maximum}`} times`,
    observed: `${number(times)} times`, expected: `${minimum} to ${maximum} times`, change: tolerate(kind, isLow ? { downTo: times } : { upTo: times }),
  })];
}
