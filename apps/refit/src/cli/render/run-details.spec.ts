import { create } from '@bufbuild/protobuf';
import {
  event, FailureKind, GateVerdict, GetRunResponseSchema, ModelEvaluatedSchema, ModelRejectedSchema, RunCancelledSchema, RunFailedSchema, Step, StepClaimedSchema, StepFailedSchema,
  StepRetriedSchema, type Event,
} from '@refit/contracts';
import pc from 'picocolors';
import { describe, expect, it } from 'vitest';
import { noon, recorded, sampleEvents, sampleRun } from '../testing/sample-run.js';
import { renderRun } from './run-details.js';
import { timeline } from './run-timeline.js';

const view = { style: pc.createColors(false), now: noon };
const show = (events: Event[], run = sampleRun(), progress?: { fraction: number; message: string }) => renderRun(create(GetRunResponseSchema, { run, events, ...(progress && { progress }) }), view).split('\n');

describe('a run that the model gate refused', () => {
  const lines = show(sampleEvents());

  it('says what it is, why it started and how it ended', () => {
    expect(lines[0]).toBe('flights-delay v2  ✗ model rejected');
    expect(lines).toContain('  run      019b7840-1234-7abc-8def-0123456789ab');
    expect(lines).toContain('  cause    data: week-07.parquet arrived');
    expect(lines).toContain('  took     5.00 s');
    expect(lines).toContain('  result   ROC AUC 0.6120 is 0.0380 below the required 0.6500.');
  });

  it('shows each step with its time and what came of it', () => {
    const steps = lines.slice(lines.indexOf('Steps') + 1, lines.indexOf('Steps') + 7);
    expect(steps.map((line) => line.slice(0, 25).trimEnd())).toEqual(['ingest', 'validate', 'transform', 'train', 'evaluate', 'judge'].map((name) => `  ${name === 'judge' ? '✗' : '✓'} ${name.padEnd(9)} ${(name === 'judge' ? '1.00 s' : '0.50 s').padStart(11)}`));
    expect(steps[2]).toMatch(/2 features; 322,000 rows to train/);
  });

  it('lists what the data gate found', () => {
    expect(lines).toContain('Data gate  yes');
    expect(lines).toContain('  ! distance in week-07.parquet: PSI 0.15 is above the warning at 0.1.');
  });

  it('puts challenger and champion side by side', () => {
    expect(lines).toContain('Evaluation  92,000 test rows; compared on 90,000 rows that neither was trained on');
    expect(lines).toContain('  METRIC    TEST  CHALLENGER  CHAMPION V3');
    expect(lines).toContain('  rocAuc  0.6120      0.6100       0.6600');
  });

  it('gives the verdict of each gate', () => {
    expect(lines).toContain('Model gate  no');
    expect(lines).toContain('  ✗ rocAuc at least 0.65: ROC AUC 0.6120 is 0.0380 below the required 0.6500.');
  });

  it('ends with its alerts', () => {
    expect(lines.slice(-3)).toEqual(['Alerts', '  ✗ flights-delay: the model gate says no  55 s ago', '    ROC AUC is too low.']);
  });
});

describe('an open run', () => {
  it('shows the step at work with its progress, and the steps that wait', () => {
    const lines = show(sampleEvents().slice(0, 8), sampleRun({ status: 'open', instanceId: 'one', outcome: '', currentStep: Step.TRAIN, attempt: 1 }), { fraction: 0.42, message: 'tree 17 of 40' });
    expect(lines[0]).toBe('flights-delay v2  ● train');
    expect(lines).toContain('  ● train          56.5 s  42 %, tree 17 of 40');
    expect(lines.filter((line) => line.startsWith('  · '))).toEqual(['  · evaluate', '  · judge', '  · register']);
  });
});

describe('a run that was cancelled', () => {
  const cancelled = (events: Event[]) => show([...events, recorded(event(RunCancelledSchema, { actor: 'ada', reason: 'wrong data' }), events.length)], sampleRun({ status: 'cancelled', outcome: '', summary: 'wrong data' }));

  it('says at which step, by whom and why', () => {
    const lines = cancelled(sampleEvents().slice(0, 8));
    expect(lines).toContain('  result   at train: cancelled by ada: wrong data');
    expect(lines.find((line) => line.startsWith('  – '))).toMatch(/^ {2}– train +0\.50 s {2}cancelled by ada: wrong data$/);
  });
  it('says so also when no step was at work', () => {
    expect(cancelled(sampleEvents().slice(0, 1))).toContain('  result   at ingest: cancelled before it began by ada: wrong data');
  });
});

describe('the slices of a model', () => {
  const metric = (slice: string, name: string, value: number | undefined, rows: number) => ({ name, slice, rows, ...(value !== undefined && { value }) });
  const evaluated = (...metrics: ReturnType<typeof metric>[]) => recorded(event(ModelEvaluatedSchema, { testRows: 900, metrics: [metric('', 'rocAuc', 0.7, 900), ...metrics], smallSlices: ['origin=GUM'] }), 1);
  const section = (...events: Event[]) => {
    const lines = show(events);
    return lines.slice(lines.findIndex((line) => line.startsWith('Slices')), lines.indexOf('', lines.findIndex((line) => line.startsWith('Slices'))) >>> 0);
  };

  it('are shown with their rows, the worst first, those without a value last', () => {
    const measured = evaluated(metric('origin=ATL', 'rocAuc', 0.72, 4000), metric('origin=ATL', 'logLoss', 0.4, 4000), metric('origin=ORD', 'rocAuc', undefined, 90), metric('origin=JFK', 'rocAuc', 0.61, 2500), metric('origin=JFK', 'logLoss', 0.5, 2500));
    expect(section(measured)).toEqual([
      'Slices  the worst rocAuc first',
      '    SLICE        ROWS     ROCAUC   TO ALL    LOGLOSS',
      '    origin=JFK  2,500     0.6100  −0.0900     0.5000',
      '    origin=ATL  4,000     0.7200  +0.0200     0.4000',
      '    origin=ORD     90  undefined           undefined',
      '    too few rows to judge 1 slice: origin=GUM',
    ]);
  });
  it('that a gate refused come before all others, by the metric that gates ask of slices', () => {
    const measured = evaluated(metric('origin=ATL', 'logLoss', 0.2, 10), metric('origin=ATL', 'rocAuc', 0.9, 10), metric('origin=JFK', 'logLoss', 0.9, 10), metric('origin=JFK', 'rocAuc', 0.5, 10));
    const judged = recorded(event(ModelRejectedSchema, { gates: [{ name: 'atl', metric: 'logLoss', slice: 'origin=ATL', verdict: GateVerdict.FAIL }, { name: 'all', metric: 'rocAuc', verdict: GateVerdict.PASS }] }), 2);
    expect(section(measured, judged).slice(1, 4).map((line) => line.split(/ {2,}/).slice(0, 4).join('|'))).toEqual(['|SLICE|ROWS|LOGLOSS', '|✗ origin=ATL|10|0.2000', '|origin=JFK|10|0.9000']);
  });
  it('are bounded, and counted', () => {
    const many = Array.from({ length: 25 }, (_, i) => metric(`origin=A${i}`, 'rocAuc', 0.5 + i / 100, 100));
    expect(section(evaluated(...many))).toHaveLength(14);
    expect(section(evaluated(...many)).at(-2)).toBe('    … and 15 more; --json has them all');
  });
});

describe('the timeline', () => {
  const begun = () => sampleEvents().slice(0, 1);
  const more = (...messages: Parameters<typeof recorded>[0][]) => timeline([...begun(), ...messages.map((m, i) => recorded(m, i + 1))], noon).map(({ name, state }) => `${name} ${state}`);
  const claim = (attempt: number) => event(StepClaimedSchema, { step: Step.INGEST, attempt });
  const failed = event(StepFailedSchema, { step: Step.INGEST, attempt: 1, kind: FailureKind.RETRYABLE, code: 'STORE_UNAVAILABLE', message: 'busy' });

  it('keeps every attempt', () => {
    expect(more(claim(1), failed, claim(2)).slice(0, 3)).toEqual(['ingest failed', 'ingest working', 'validate waiting']);
  });
  it('says when a process died', () => {
    expect(more(claim(1), claim(2)).slice(0, 2)).toEqual(['ingest note', 'ingest working']);
  });
  it('ends with a failed run, and goes on when it is retried', () => {
    const ending = [claim(1), failed, event(RunFailedSchema, { step: Step.INGEST, code: 'X', message: 'x' })];
    expect(more(...ending)).toEqual(['ingest failed']);
    expect(more(...ending, event(StepRetriedSchema, { step: Step.INGEST, actor: 'ada' })).slice(0, 3)).toEqual(['ingest failed', 'ingest note', 'ingest waiting']);
  });
  it('passes over events of a newer version', () => {
    const newer = { ...recorded(claim(1), 1), type: 'refit.run.v1.StepPraised' };
    expect(timeline([...begun(), newer], noon)).toHaveLength(7);
  });
});
