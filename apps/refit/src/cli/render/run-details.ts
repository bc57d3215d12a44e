import { timestampMs } from '@bufbuild/protobuf/wkt';
import type { AlertRaised, Anomaly, DataRejected, DataValidated, DomainEvent, GateResult, GetRunResponse, ModelEvaluated } from '@refit/contracts';
import type { Style } from '../terminal.js';
import { driftOf } from './drift.js';
import { shortId } from './ids.js';
import { hasEnded, statusText } from './run-status.js';
import { readEvent, timeline, type TimelineEntry } from './run-timeline.js';
import { slices } from './slices.js';
import { facts, table } from './table.js';
import { duration, moment, msOf, relative } from './times.js';
import { countOf, gateMark, reasonText, severityMark } from './words.js';

interface View {
  readonly style: Style;
  readonly now: number;
}

/** Everything about one run: why it started, each step, what the gates said, alerts. */
export function renderRun({ run, events, progress }: GetRunResponse, view: View): string {
  if (!run) return 'The server knows nothing about this run.';
  const { style, now } = view;
  const asked = msOf(run.requestedAt);
  const ended = msOf(run.endedAt);
  const messages = events.map(readEvent).filter((e) => e !== undefined);
  const entries = timeline(events, now);
  const head = [
    `${style.bold(run.pipeline)} ${style.dim(`v${run.specVersion}`)}  ${statusText(run, style)}`,
    facts(
      [
        ['run', run.runId],
        ['cause', reasonText(run.reason)],
        ['started', asked === undefined ? undefined : `${moment(asked)} ${style.dim(`(${relative(asked, now)})`)}`],
        ['took', hasEnded(run) && asked !== undefined && ended !== undefined ? duration(ended - asked) : undefined],
        ['result', run.status === 'cancelled' ? cancellation(entries) : run.summary],
        ['next', run.status === 'failed' ? `once its cause is gone: refit retry ${shortId(run.runId)}` : undefined],
      ],
      style,
    ),
  ];
  const sections = [steps(entries, progress, style), dataGate(messages, run.runId, style), comparison(messages, style), modelGate(messages, style), slicesOf(messages, style), alerts(messages, view)];
  return [head.join('\n'), ...sections.filter((section) => section !== '')].join('\n\n');
}

/** At which step, by whom and why. */
const cancellation = (entries: readonly TimelineEntry[]) => entries.filter(({ state }) => state === 'cancelled').map(({ name, text }) => `at ${name}: ${text}`)[0];

const heading = (text: string, style: Style) => style.bold(text);

const stepMarks: Record<TimelineEntry['state'], (style: Style) => string> = {
  done: (s) => s.green('✓'),
  no: (s) => s.yellow('✗'),
  failed: (s) => s.red('✗'),
  cancelled: (s) => s.dim('–'),
  working: (s) => s.cyan('●'),
  waiting: (s) => s.dim('·'),
  note: (s) => s.dim('↻'),
};

function steps(entries: readonly TimelineEntry[], progress: GetRunResponse['progress'], style: Style): string {
  if (entries.length === 0) return '';
  const lines = entries.map(({ name, state, durationMs, text }) => {
    const told = state === 'working' ? progressText(progress) : text;
    return `  ${stepMarks[state](style)} ${name.padEnd(9)} ${style.dim(duration(durationMs).padStart(11))}  ${told}`.trimEnd();
  });
  return [heading('Steps', style), ...lines].join('\n');
}

/** `42 %, tree 42 of 100` */
export function progressText(progress: GetRunResponse['progress']): string {
  const fraction = progress?.['fraction'];
  const message = progress?.['message'];
  return [typeof fraction === 'number' ? `${Math.round(fraction * 100)} %` : '', typeof message === 'string' ? message : ''].filter((t) => t !== '').join(', ');
}

const findAll = <T extends DomainEvent['$typeName']>(events: readonly DomainEvent[], type: T) => events.filter((e): e is Extract<DomainEvent, { $typeName: T }> => e.$typeName === type);

function dataGate(events: readonly DomainEvent[], runId: string, style: Style): string {
  const judged = [...findAll(events, 'refit.run.v1.DataValidated'), ...findAll(events, 'refit.run.v1.DataRejected')].at(-1);
  if (!judged) return '';
  const no = judged.$typeName === 'refit.run.v1.DataRejected';
  const verdict = no ? style.yellow(`no to ${judged.rejectedBatches.join(', ') || 'the window'}`) : style.green('yes');
  const findings = judged.anomalies.toSorted((a, b) => b.severity - a.severity).map((a) => anomaly(a, style));
  return [`${heading('Data gate', style)}  ${verdict}`, ...findings, ...byHand(judged, runId, style), ...driftOf(judged.drift, style)].join('\n');
}

/** How many expectations were kept, and where the rows are that broke others. */
function byHand({ anomalies, keptExpectations }: DataValidated | DataRejected, runId: string, style: Style): readonly string[] {
  const kept = keptExpectations.length > 0 ? [`  ${style.green('✓')} ${countOf(keptExpectations.length, 'expectation')} kept`] : [];
  const hasOffenders = anomalies.some(({ expectation }) => expectation !== undefined && expectation.offendersHash !== '');
  return hasOffenders ? [...kept, `  ${style.dim(`the rows that broke expectations: refit data offenders ${shortId(runId)}`)}`] : kept;
}

const anomaly = ({ severity, column, batch, message }: Anomaly, style: Style) => {
  const where = [column, batch].filter((part) => part !== '').join(' in ');
  const said = column !== '' && message.startsWith(`${column}: `) ? message.slice(column.length + 2) : message;
  return `  ${severityMark(severity, style)} ${where && `${style.bold(where)}: `}${said}`;
};

function comparison(events: readonly DomainEvent[], style: Style): string {
  const evaluated = findAll(events, 'refit.run.v1.ModelEvaluated').at(-1);
  if (!evaluated) return '';
  const overall = evaluated.metrics.filter((m) => m.slice === '');
  if (overall.length === 0) return '';
  const against = evaluated.comparison;
  const number = (value: number | undefined) => (value === undefined ? 'undefined' : value.toFixed(4));
  const rows = overall.map((m) => {
    const pair = [against?.challenger, against?.champion].map((side) => side?.find((c) => c.name === m.name && c.slice === ''));
    return [`  ${m.name}`, number(m.value), ...(against ? pair.map((c) => number(c?.value)) : [])];
  });
  const columns = [{ title: '  metric' }, { title: 'test', align: 'right' as const }, ...(against ? [{ title: 'challenger', align: 'right' as const }, { title: `champion v${against.championVersion}`, align: 'right' as const }] : [])];
  return [`${heading('Evaluation', style)}  ${style.dim(evaluationRows(evaluated))}`, table(columns, rows, style)].join('\n');
}

function evaluationRows({ testRows, comparison: against }: ModelEvaluated): string {
  const rows = `${testRows.toLocaleString('en-US')} test rows`;
  if (!against) return `${rows}; no champion to compare with`;
  if (against.impossibleBecause !== '') return `${rows}; not compared: ${against.impossibleBecause}`;
  return `${rows}; compared on ${against.rows.toLocaleString('en-US')} rows that neither was trained on`;
}

const judgements = (events: readonly DomainEvent[]) => [...findAll(events, 'refit.run.v1.ModelAccepted'), ...findAll(events, 'refit.run.v1.ModelRejected')];

function slicesOf(events: readonly DomainEvent[], style: Style): string {
  const evaluated = findAll(events, 'refit.run.v1.ModelEvaluated').at(-1);
  return evaluated ? slices(evaluated, judgements(events).at(-1)?.gates ?? [], style) : '';
}

function modelGate(events: readonly DomainEvent[], style: Style): string {
  const judged = judgements(events).at(-1);
  if (!judged) return '';
  const verdict = judged.$typeName === 'refit.run.v1.ModelAccepted' ? style.green('yes') : style.yellow('no');
  return [`${heading('Model gate', style)}  ${verdict}`, ...judged.gates.map((gate) => gateLine(gate, style))].join('\n');
}

const gateLine = ({ verdict, name, message }: GateResult, style: Style) => `  ${gateMark(verdict, style)} ${style.bold(name)}: ${message}`;

function alerts(events: readonly DomainEvent[], { style, now }: View): string {
  const raised: readonly AlertRaised[] = findAll(events, 'refit.run.v1.AlertRaised');
  if (raised.length === 0) return '';
  const when = ({ raisedAt }: AlertRaised) => (raisedAt ? style.dim(`  ${relative(timestampMs(raisedAt), now)}`) : '');
  return [heading('Alerts', style), ...raised.map((a) => `  ${severityMark(a.severity, style)} ${a.title}${when(a)}\n    ${a.message}`)].join('\n');
}

/** What to type next about a run. */
export const runHint = (runId: string, style: Style) => style.dim(`refit show ${shortId(runId)}`);
