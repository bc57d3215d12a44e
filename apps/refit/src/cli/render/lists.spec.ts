import { create } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import {
  AlertSchema, DeadLetterSchema, FindingSeverity, GetModelResponseSchema, ModelSchema, PipelineSchema, PipelineVerdictSchema, ReasonKind, RefitError, SkipCause,
  TrainerKind, Verdict, VersionRegisteredSchema,
} from '@refit/contracts';
import pc from 'picocolors';
import { describe, expect, it } from 'vitest';
import { noon, runId, sampleEvents, sampleRun } from '../testing/sample-run.js';
import { renderAlerts } from './alerts.js';
import { renderDeadLetter, renderDeadLetters } from './dead-letters.js';
import { renderError } from './error.js';
import { renderEvent } from './events.js';
import { shortId } from './ids.js';
import { renderModel, renderModels } from './models.js';
import { renderPipelines } from './pipelines.js';
import { renderReasons } from './reasons.js';
import { renderRuns } from './run-list.js';
import { duration, relative } from './times.js';

const style = pc.createColors(false);
const view = { style, now: noon };
const ago = (ms: number) => timestampFromMs(noon - ms);

describe('times', () => {
  it.each([[0, 'now'], [999, 'now'], [12_000, '12 s ago'], [3_599_999, '59 min ago'], [7_200_000, '2 h ago'], [86_400_000 * 3, '3 d ago'], [-5000, 'in 5 s'], [86_400_000 * 40, '2025-11-22']])('%i ms back: %s', (ms, text) => {
    expect(relative(noon - ms, noon)).toBe(text);
  });
  it.each([[420, '0.42 s'], [12_340, '12.3 s'], [185_000, '3 min 5 s'], [7_620_000, '2 h 7 min']])('%i ms long: %s', (ms, text) => {
    expect(duration(ms)).toBe(text);
  });
});

describe('ids', () => {
  it('are cut to their time', () => {
    expect(shortId(runId)).toBe('019b7840-1234');
  });
  it('are longer where others begin alike', () => {
    const other = '019b7840-1234-7abc-9999-000000000000';
    expect(shortId(runId, [runId, other])).toBe('019b7840-1234-7abc-8');
    expect(other.startsWith(shortId(runId, [other]))).toBe(false);
  });
});

describe('lists', () => {
  it('runs', () => {
    const open = sampleRun({ runId: '019b7840-9999-7abc-8def-000000000000', status: 'open', instanceId: 'one', outcome: '', summary: '', currentStep: 4, attempt: 2, requestedAt: ago(3000) });
    delete open.endedAt;
    expect(renderRuns([open, sampleRun()], view).split('\n')).toEqual([
      'RUN            PIPELINE       STATUS              CAUSE  STARTED      TOOK  RESULT',
      '019b7840-9999  flights-delay  ● train, attempt 2  data   3 s ago    3.00 s',
      '019b7840-1234  flights-delay  ✗ model rejected    data   1 min ago  5.00 s  ROC AUC 0.6120 is 0.0380 below the required 0.6500.',
    ]);
  });
  it('reasons', () => {
    const judged = { reason: { kind: ReasonKind.DATA_ARRIVAL, source: '/exports', id: 'w08', occurredAt: ago(60_000) }, verdict: Verdict.SKIPPED, skipCause: SkipCause.COOL_DOWN, why: 'The last run started 3 minutes ago.' };
    expect(renderReasons([create(PipelineVerdictSchema, { pipeline: 'flights-delay', judged })], view)).toContain('1 min ago  flights-delay  data   skipped: cool-down       The last run started 3 minutes ago.');
  });
  it('reasons that waited, with the run that they ended in', () => {
    const judged = { reason: { kind: ReasonKind.MANUAL, source: '/cli', id: 'm1', occurredAt: ago(60_000) }, verdict: Verdict.QUEUED, why: 'It waits for its turn.' };
    expect(renderReasons([create(PipelineVerdictSchema, { pipeline: 'flights-delay', judged, runId })], view)).toContain('queued   019b7840-1234  It waits for its turn.');
  });
  it('pipelines that are paused, by whom and why', () => {
    const paused = create(PipelineSchema, { spec: { name: 'flights-delay' }, version: 2, paused: true, appliedAt: ago(60_000), pause: { actor: 'ada', reason: 'the export is broken', pausedAt: ago(5000) } });
    expect(renderPipelines([paused], view)).toMatch(/1 min ago +5 s ago by ada: the export is broken$/);
  });
  it('pipelines', () => {
    const spec = { name: 'flights-delay', dataset: 'flights', label: { column: 'delay', above: 15 }, trainer: { kind: TrainerKind.GRADIENT_BOOSTING }, triggers: { onData: { enabled: true }, schedules: [{ cron: '0 6 * * *', timeZone: 'UTC' }], coolDownMs: 7_200_000 } };
    expect(renderPipelines([create(PipelineSchema, { spec, version: 2, paused: true, appliedAt: ago(60_000) })], view)).toContain('flights-delay  v2       paused  flights  delay > 15  gradient boosting  data, 0 6 * * *, at most every 2 h 0 min  1 min ago');
  });
  it('models, and the versions of one with the history of its aliases', () => {
    const version = create(VersionRegisteredSchema, { version: 4, runId, trainer: TrainerKind.LINEAR, snapshot: { rows: 460_000 }, metrics: [{ name: 'logLoss', value: 0.5, rows: 1 }, { name: 'rocAuc', value: 0.71234, rows: 1 }], registeredAt: ago(60_000) });
    const model = create(ModelSchema, { name: 'flights-delay', aliases: { champion: 4 }, latestVersion: 5, champion: version });
    expect(renderModels([model], view)).toContain('flights-delay  v4        v5      rocAuc 0.7123  1 min ago');
    const answer = create(GetModelResponseSchema, { model, aliasHistory: [{ alias: 'champion', fromVersion: 3, toVersion: 4, reason: 'better', movedAt: ago(50_000) }] });
    expect(renderModel(answer, [version], view).split('\n')).toEqual([
      'flights-delay',
      'VERSION  ALIAS     TEST METRIC    TRAINER          DATA  RUN            REGISTERED',
      'v4       champion  rocAuc 0.7123  linear   460,000 rows  019b7840-1234  1 min ago',
      '',
      'Aliases',
      '  champion: v3 → v4  better  50 s ago',
    ]);
  });
  it('alerts', () => {
    const alert = { kind: 'schema', severity: FindingSeverity.FAILURE, title: 'flights: column origin is missing', message: 'Add it.', raisedAt: ago(5000) };
    expect(renderAlerts([create(AlertSchema, { runId, pipeline: 'flights-delay', alert })], view)).toBe('✗ flights: column origin is missing  5 s ago · flights-delay · schema · run 019b7840-1234\n  Add it.');
  });
  it('dead letters, without what would steer the terminal', () => {
    const letter = create(DeadLetterSchema, { status: 'parked', parked: { letterId: runId, code: 'CLOUD_EVENT_INVALID', reason: 'no id', origin: 'http', headers: { 'x-evil': '\u001b[2J' }, body: new TextEncoder().encode('{"a":\u001b[31m1}\n'), parkedAt: ago(5000) } });
    expect(renderDeadLetters([letter], view)).toContain('019b7840-1234  5 s ago  parked  http  CLOUD_EVENT_INVALID  no id');
    expect(renderDeadLetter(letter, view)).not.toContain('\u001b');
    expect(renderDeadLetter(letter, view)).toContain('{"a":·[31m1}');
  });
  it('events, also of types that it does not know', () => {
    const [first] = sampleEvents();
    expect(renderEvent(first!, { style, columns: 20 })).toMatch(/^ {4}100 {2}\d\d:\d\d:\d\d {2}RunRequested +run-019b7840-1234-7abc-8def-0123456789ab@0 {2}flights-delay v2: no summary$/);
    expect(renderEvent({ ...first!, type: 'refit.run.v2.New', data: { a: 'x'.repeat(50) } }, { style, columns: 20 })).toContain(`New                run-019b7840-1234-7abc-8def-0123456789ab@0  {"a":"${'x'.repeat(13)}…`);
  });
  it.each([['runs', renderRuns([], view), 'refit run'], ['models', renderModels([], view), 'registers one'], ['pipelines', renderPipelines([], view), 'refit apply']])('say what to do when there are no %s', (_, text, hint) => {
    expect(text).toContain(hint);
  });
});

describe('errors', () => {
  it('name their code, and the place of each fault', () => {
    const error = new RefitError('PIPELINE_FILE_INVALID', 'a.yaml has a fault', { details: [{ file: 'a.yaml', line: 3, column: 9, message: 'label: missing' }, { message: 'and more' }] });
    expect(renderError(error, style)).toBe('error PIPELINE_FILE_INVALID: a.yaml has a fault\n  a.yaml:3:9  label: missing\n  and more');
  });
});
