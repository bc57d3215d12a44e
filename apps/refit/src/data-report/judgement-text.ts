import { FindingSeverity, type Anomaly } from '@refit/contracts';
import { describeChange, type DataJudgement, type Unjudged } from '@refit/data-validation';
import { driftOf } from '../cli/render/drift.js';
import { countOf, severityMark } from '../cli/render/words.js';
import type { Style } from '../cli/terminal.js';

/** What the gate says, and why, the worst first. */
export function judgementText({ verdict, anomalies, drift }: DataJudgement, style: Style): string {
  const said = verdict === 'pass' ? style.green('✓ the data gate says yes') : style.red('✗ the data gate says no');
  const lines = anomalies.toSorted((a, b) => b.severity - a.severity).map((anomaly) => anomalyLine(anomaly, style));
  return [`${style.bold(said)}${style.dim(`  ${verdictText({ verdict, anomalies, drift })}`)}`, ...lines, ...driftOf(drift, style)].join('\n');
}

/** `2 failures, 1 warning; the drift of 12 columns was measured`. */
export function verdictText({ anomalies, drift }: DataJudgement): string {
  const count = (severity: FindingSeverity) => anomalies.filter((anomaly) => anomaly.severity === severity).length;
  const [failures, warnings] = [count(FindingSeverity.FAILURE), count(FindingSeverity.WARNING)];
  const found = [failures > 0 ? countOf(failures, 'failure') : '', warnings > 0 ? countOf(warnings, 'warning') : ''].filter((part) => part !== '').join(', ');
  const compared = drift.filter(({ measure }) => measure === 'psi').length;
  return [found || 'nothing found', compared > 0 ? `the drift of ${countOf(compared, 'column')} was measured` : ''].filter((part) => part !== '').join('; ');
}

/** Columns that nobody asked for drift, and why. */
export const unjudgedText = (unjudged: readonly Unjudged[], style: Style): string[] => unjudged.map((one) => `  ${style.dim(`· ${unjudgedSentence(one)}`)}`);

/** `the drift of id is not judged: an identifier …` */
export const unjudgedSentence = ({ columns, because }: Unjudged): string => `the drift of ${firstOf(columns)} is not judged: ${because}`;

const named = 3;
const firstOf = (columns: readonly string[]) => (columns.length > named ? `${columns.slice(0, named).join(', ')} and ${columns.length - named} more` : columns.join(', '));

/** What was found, and below it what the schema would say, were it accepted. */
function anomalyLine({ severity, column, message, kind, change }: Anomaly, style: Style): string {
  const said = column !== '' && message.startsWith(`${column}: `) ? message.slice(column.length + 2) : message;
  return `  ${severityMark(severity, style)} ${column === '' ? '' : `${style.bold(column)}: `}${said}  ${style.dim(kind)}${change && severity > FindingSeverity.INFO ? `\n    ${style.dim(`accepted, it says: ${describeChange(change)}`)}` : ''}`;
}
