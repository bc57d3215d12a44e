import {
  FindingSeverity, GateVerdict, ReasonKind, RunOutcome, Verdict, type AliasMoved, type Anomaly, type DataIngested, type DataRejected,
  type DataTransformed, type DataValidated, type DomainEvent, type DriftMeasure, type GateResult, type IngestedBatch, type Metric, type ModelAccepted, type ModelEvaluated,
  type ModelRejected, type ModelTrained, type Reason, type ReasonJudged, type RunCompleted, type StepFailed,
} from '@refit/contracts';
import { stepName } from '@refit/run';

export type Mood = 'plain' | 'good' | 'bad' | 'great' | 'quiet';

/** One line of the story: `label` is the step, or empty for what concerns the whole run. */
export interface Sentence {
  readonly label: string;
  readonly text: string;
  readonly mood: Mood;
  /** Further lines under it. */
  readonly more?: readonly string[];
}

const number = new Intl.NumberFormat('en-US');
const count = (n: number, noun: string) => `${number.format(n)} ${noun}${n === 1 ? '' : 's'}`;

type Tellers = { readonly [T in DomainEvent['$typeName']]?: (event: Extract<DomainEvent, { $typeName: T }>) => Sentence };

/** Told late, as functions, since they are written below in the order of a run. */
const tellers = (): Tellers => ({
  'refit.trigger.v1.ReasonJudged': judged,
  'refit.run.v1.DataIngested': ingested,
  'refit.run.v1.DataValidated': validated,
  'refit.run.v1.DataRejected': dataRejected,
  'refit.run.v1.DataTransformed': transformed,
  'refit.run.v1.ModelTrained': trained,
  'refit.run.v1.ModelEvaluated': evaluated,
  'refit.run.v1.ModelAccepted': (event) => gates(event, 'good'),
  'refit.run.v1.ModelRejected': (event) => gates(event, 'bad'),
  'refit.run.v1.ModelRegistered': ({ model, version }) => step('register', `${model} v${version}`),
  'refit.run.v1.ComparisonOutdated': ({ championVersion }) => step('register', `v${championVersion} became champion meanwhile: compared again`, 'quiet'),
  'refit.run.v1.StepFailed': stepFailed,
  'refit.run.v1.StepRetried': (event) => step(stepName(event.step), `taken up again by ${event.actor || 'somebody'}`),
  'refit.run.v1.RunFailed': ({ message }) => ({ label: '', text: `run failed: ${message}`, mood: 'bad' }),
  'refit.run.v1.RunCancelled': ({ actor, reason }) => ({ label: '', text: `run cancelled by ${actor || 'somebody'}${reason && `: ${reason}`}`, mood: 'bad' }),
  'refit.run.v1.RunCompleted': completed,
  'refit.run.v1.AlertRaised': ({ title }) => ({ label: 'ALERT', text: title, mood: 'bad' }),
  'refit.model.v1.AliasMoved': aliasMoved,
});

/** What an event of the log says to a person; undefined for those that say nothing to one. */
export function sentence(event: DomainEvent): Sentence | undefined {
  const tell = tellers()[event.$typeName] as ((e: DomainEvent) => Sentence) | undefined; // the table pairs type and teller
  return tell?.(event);
}

const rows = (n: number) => number.format(n);
const step = (label: string, text: string, mood: Mood = 'plain'): Sentence => ({ label, text, mood });

function judged({ reason, verdict, why }: ReasonJudged): Sentence {
  const [word, mood] = verdicts[verdict] ?? ['judged', 'plain'];
  return { label: '', text: `${occasion(reason)} → ${word}. ${why}`, mood };
}

const verdicts: Partial<Record<Verdict, readonly [word: string, mood: Mood]>> = {
  [Verdict.STARTED]: ['run started', 'good'],
  [Verdict.COALESCED]: ['joins the run that waits', 'plain'],
  [Verdict.QUEUED]: ['waits', 'plain'],
  [Verdict.SKIPPED]: ['no run', 'quiet'],
};

function occasion(reason: Reason | undefined): string {
  switch (reason?.kind) {
    case ReasonKind.DATA_ARRIVAL: return `${reason.batch?.name ?? 'data'} arrived, ${count(reason.batch?.rows ?? 0, 'row')}`;
    case ReasonKind.SCHEDULE: return 'scheduled';
    case ReasonKind.DECAY: return `decay reported by ${reason.source}`;
    case ReasonKind.MANUAL: return `asked for by ${reason.actor || 'somebody'}`;
    default: return reason?.summary ?? 'a reason to run';
  }
}

function ingested({ newBatches, window, windowBatches, excludedBatches }: DataIngested): Sentence {
  const fresh = newBatches.map(ingestedBatch).join(', ') || 'no new batch';
  const left = excludedBatches.length > 0 ? `; left out: ${excludedBatches.join(', ')}` : '';
  return step('ingest', `${fresh}; window of ${count(windowBatches.length, 'batch').replace('batchs', 'batches')}, ${count(window?.rows ?? 0, 'row')}${left}`);
}

/** `day-7 (without 2 malformed rows, lines 10, 20)` */
function ingestedBatch({ name, malformedRows, malformedLines }: IngestedBatch): string {
  if (malformedRows === 0) return name;
  const lines = malformedLines.length > 0 ? `, lines ${malformedLines.join(', ')}${malformedRows > malformedLines.length ? ', …' : ''}` : '';
  return `${name} (without ${count(malformedRows, 'malformed row')}${lines})`;
}

function validated({ schemaInferred, anomalies, drift }: DataValidated): Sentence {
  const first = schemaInferred ? 'the first data: schema and reference taken from it' : anomalies.length === 0 ? 'no anomaly' : count(anomalies.length, 'warning');
  const largest = largestDrift(drift);
  const more = anomalies.filter((a) => a.severity === FindingSeverity.WARNING).slice(0, 3).map((a) => warning(a));
  return { ...step('validate', `${first}${largest && `; largest PSI ${largest}`}`, 'good'), more };
}

const warning = ({ batch, message }: Anomaly) => `${batch || 'window'}: ${message}`;

function largestDrift(drift: readonly DriftMeasure[]): string {
  const [first] = drift.filter((d) => d.value !== undefined && d.measure === 'psi').toSorted((a, b) => (b.value ?? 0) - (a.value ?? 0));
  return first ? `${(first.value ?? 0).toFixed(3)} (${first.column})` : '';
}

function dataRejected({ anomalies, rejectedBatches }: DataRejected): Sentence {
  const failures = anomalies.filter((a) => a.severity === FindingSeverity.FAILURE);
  const more = failures.slice(0, 5).map(warning);
  return { ...step('validate', `the data gate says no to ${rejectedBatches.join(', ') || 'the window'}`, 'bad'), more };
}

function transformed({ features, trainingRows, validationRows, testRows, droppedRows, leftOut }: DataTransformed): Sentence {
  const unlabelled = droppedRows > 0 ? `; ${count(droppedRows, 'row')} without a label left out` : '';
  const split = `${rows(trainingRows)} rows to train, ${rows(validationRows)} to validate, ${rows(testRows)} to test`;
  // What the pipeline file asked for itself is no news.
  const unasked = leftOut.filter(({ reason }) => reason !== 'the label' && reason !== 'excluded by the pipeline');
  const named = unasked.slice(0, 3).map(({ column, reason }) => `${column} (${reason})`).join(', ');
  const no = unasked.length === 0 ? '' : `, not ${named}${unasked.length > 3 ? ` and ${unasked.length - 3} more` : ''}`;
  return step('transform', `${count(features.length, 'feature')}${no}; ${split}${unlabelled}`);
}

const trained = (event: ModelTrained) =>
  step('train', `${parameters(event.parameters)} on ${rows(event.rows)} rows; artifact ${event.artifactHash.slice(0, 12)}`);

function parameters(values: Readonly<Record<string, number>>): string {
  return Object.entries(values).slice(0, 3).map(([name, value]) => `${name} ${value}`).join(', ') || 'trained';
}

function evaluated({ testRows, metrics, comparison }: ModelEvaluated): Sentence {
  const overall = metrics.filter((m) => m.slice === '' && m.value !== undefined).slice(0, 3).map(metric).join(', ');
  const versus = comparison && !comparison.impossibleBecause ? `; beside champion v${comparison.championVersion} on ${count(comparison.rows, 'row')}` : '';
  return step('evaluate', `${overall} on ${rows(testRows)} test rows${versus}`);
}

const metric = ({ name, value }: Metric) => `${name} ${(value ?? NaN).toFixed(4)}`;

function gates(event: ModelAccepted | ModelRejected, mood: 'good' | 'bad'): Sentence {
  const verdict = mood === 'good' ? 'the model gate says yes' : 'the model gate says no';
  return { ...step('judge', verdict, mood), more: event.gates.map(gate) };
}

const gateSigns: Partial<Record<GateVerdict, string>> = {
  [GateVerdict.PASS]: '✓', [GateVerdict.FAIL]: '✗', [GateVerdict.INCONCLUSIVE]: '?', [GateVerdict.NOT_APPLICABLE]: '–',
};
const gate = ({ verdict, message }: GateResult) => `${gateSigns[verdict] ?? '?'} ${message}`;

function stepFailed(event: StepFailed): Sentence {
  const then = event.retryAt ? '; tried again' : '';
  return step(stepName(event.step), `failed: ${event.message}${then}`, event.retryAt ? 'quiet' : 'bad');
}

function completed({ outcome, summary }: RunCompleted): Sentence {
  const good = outcome === RunOutcome.REGISTERED;
  return { label: '', text: good ? summary : `run ended without a new model: ${summary}`, mood: good ? 'good' : 'bad' };
}

function aliasMoved({ alias, fromVersion, toVersion, rollback, actor, runId }: AliasMoved): Sentence {
  const before = fromVersion === 0 ? 'the first one' : `before: v${fromVersion}`;
  const who = runId === '' ? `, by ${actor || 'somebody'}` : '';
  return { label: '', text: `★ ${alias} is now v${toVersion} (${before}${rollback ? ', rolled back' : ''}${who})`, mood: 'great' };
}
