import { AlertKind, FindingSeverity, type Anomaly } from '@refit/contracts';
import { anomaly, onlyAnomalies, tolerate, type Check, type Subject } from '../finding.js';
import { judgedColumns, type JudgedColumn } from '../judged-columns.js';
import { percentApart, rowCount } from '../wording.js';
import { columnLimits } from './column-limits.js';
import { differs } from './compare-shares.js';

/**
 * Columns with more missing values than the reference had, or fewer, by more than the gate allows and more than chance
 * does. Fewer are worth a warning: what filled the gaps is new. And those with fewer values than the pipeline file wants.
 */
export const checkMissingValues: Check = (subject) => (subject.statistics.rows === 0 ? onlyAnomalies([]) : onlyAnomalies(judgedColumns(subject).flatMap((judged) => [...verdict(subject, judged), ...tooFew(subject, judged)])));

function verdict(subject: Subject, judged: JudgedColumn): readonly Anomaly[] {
  const { statistics: { rows }, gate: { maximumNullRateIncrease: allowed } } = subject;
  const { rule, column } = judged;
  const rate = column.missing / rows;
  const { nullRate, minimumNullRate = nullRate, maximumNullRate = nullRate } = rule;
  const [least, most] = [Math.min(nullRate, minimumNullRate) - allowed, Math.max(nullRate, maximumNullRate) + allowed];
  if ((rate >= least && rate <= most) || byChance(subject, judged)) return [];
  const percent = percentApart(rate, rate < least ? least : most);
  const about = { column: rule.name, observed: percent(rate) };
  if (rate < least) {
    return [anomaly(subject, {
      ...about, kind: 'FEATURE_TYPE_HIGH_FRACTION_PRESENT', severity: FindingSeverity.WARNING, alertKind: AlertKind.DISTRIBUTION,
      message: `${rule.name}: only ${percent(rate)} missing, reference ${percent(rule.nullRate)}`, expected: `at least ${percent(least)}`,
      change: { case: 'minimumNullRate', value: rate },
    })];
  }
  return [anomaly(subject, {
    ...about, kind: column.missing === rows && rule.required ? 'FEATURE_TYPE_NOT_PRESENT' : 'FEATURE_TYPE_LOW_FRACTION_PRESENT', severity: FindingSeverity.FAILURE, alertKind: AlertKind.FEATURE,
    message: `${rule.name}: ${percent(rate)} missing, reference ${percent(rule.nullRate)}, allowed rise ${percent(allowed)}`,
    expected: `at most ${percent(most)}`, change: { case: 'maximumNullRate', value: rate },
  })];
}

/** A reference that does not tell how many rows it had cannot excuse anything. */
function byChance({ statistics: { rows }, expected }: Subject, { column, reference }: JudgedColumn): boolean {
  if (!expected || !reference) return false;
  return !differs({ count: column.missing, of: rows }, { count: reference.missing, of: expected.reference.rows });
}

function tooFew(subject: Subject, { rule: { name }, column }: JudgedColumn): readonly Anomaly[] {
  const [present, needed = 0] = [subject.statistics.rows - column.missing, columnLimits(subject.gate, name)?.minimumPresent];
  if (present >= needed) return [];
  return [anomaly(subject, {
    kind: 'FEATURE_TYPE_LOW_NUMBER_PRESENT', severity: FindingSeverity.FAILURE, alertKind: AlertKind.FEATURE, column: name,
    message: `${name}: ${rowCount(present)} with a value, at least ${needed.toLocaleString('en-US')} needed`, observed: String(present), expected: `at least ${needed}`,
    change: tolerate('FEATURE_TYPE_LOW_NUMBER_PRESENT', { downTo: present }),
  })];
}
