import { event, GateVerdict, ModelEvaluatedSchema, ModelGateSchema, Task, type ModelGate } from '@refit/contracts';
import { describe, expect, it } from 'vitest';
import { judgeModel as judge } from './judge-model.js';

type Evaluation = Parameters<typeof event<typeof ModelEvaluatedSchema>>[1];
type Condition = { case: 'atLeast' | 'atMost' | 'notWorseThanChampionBy'; value: number };
type Asked = Condition | { case: 'betterThanGuessing'; value: boolean } | { case: undefined };

const judgeModel = (modelGate: ModelGate, evaluation: ReturnType<typeof evaluated>, task = Task.BINARY) => judge(modelGate, evaluation, task);
const gate = (metric: string, condition: Asked, slice = ''): ModelGate =>
  event(ModelGateSchema, { minimumComparisonRows: 1000, metrics: [{ name: 'the gate', metric, slice, condition }] });
const evaluated = (init: Evaluation) => event(ModelEvaluatedSchema, { testRows: 23110, ...init });
const metric = (name: string, value: number | undefined, rows = 23110, slice = '') => ({ name, slice, rows, ...(value !== undefined && { value }) });
const against = (challenger: number, champion: number, name = 'rocAuc') =>
  evaluated({
    metrics: [metric(name, challenger)],
    comparison: { model: 'delays', championVersion: 3, rows: 98310, challenger: [metric(name, challenger, 98310)], champion: [metric(name, champion, 98310)] },
  });

const atLeast = (value: number): Condition => ({ case: 'atLeast', value });
const atMost = (value: number): Condition => ({ case: 'atMost', value });
const notWorseBy = (value: number): Condition => ({ case: 'notWorseThanChampionBy', value });

const { PASS, FAIL, INCONCLUSIVE, NOT_APPLICABLE } = GateVerdict;

describe('better than guessing', () => {
  const guessing = gate('primary', { case: 'betterThanGuessing', value: true });
  it.each([
    [Task.BINARY, 'rocAuc', 0.51, PASS, 'ROC AUC 0.5100 on 23,110 test rows is above what guessing gets, 0.5000.'],
    [Task.BINARY, 'rocAuc', 0.5, FAIL, 'ROC AUC 0.5000 on 23,110 test rows is not above what guessing gets, 0.5000.'],
    [Task.MULTICLASS, 'rocAuc', 0.48, FAIL, 'ROC AUC 0.4800 on 23,110 test rows is not above what guessing gets, 0.5000.'],
    [Task.REGRESSION, 'r2', 0.2, PASS, 'R² 0.2000 on 23,110 test rows is above what always the mean gets, 0.0000.'],
    [Task.REGRESSION, 'r2', -0.1, FAIL, 'R² -0.1000 on 23,110 test rows is not above what always the mean gets, 0.0000.'],
  ])('%s, %s %d', (task, name, value, verdict, message) => {
    const measures = ['accuracy', 'rmse'].map((other) => metric(other, 1));
    const { results } = judgeModel(guessing, evaluated({ metrics: [...measures, metric(name, value)] }), task);
    expect(results).toMatchObject([{ verdict, message }]);
  });
});

describe('something new', () => {
  it('is not the champion itself, trained again on the same data', () => {
    const same = evaluated({ ...against(0.7, 0.7), artifactHash: 'a' });
    if (same.comparison) same.comparison.championArtifactHash = 'a';
    const { results, verdict } = judgeModel(gate('rocAuc', notWorseBy(0)), same);
    expect(verdict).toBe('rejected');
    expect(results.at(-1)).toMatchObject({ verdict: FAIL, message: 'The model is the champion (v3) itself, to the byte: nothing new was learned, so nothing is registered.' });
  });
});

describe('a fixed threshold', () => {
  it.each([
    ['at least, reached', 'rocAuc', 0.712, atLeast(0.65), PASS, 'ROC AUC 0.7120 on 23,110 test rows is at least the required 0.6500.'],
    ['at least, exactly', 'rocAuc', 0.65, atLeast(0.65), PASS, 'ROC AUC 0.6500 on 23,110 test rows is at least the required 0.6500.'],
    ['at least, missed', 'rocAuc', 0.612, atLeast(0.65), FAIL, 'ROC AUC 0.6120 on 23,110 test rows is 0.0380 below the required 0.6500.'],
    ['at least, missed by little', 'rocAuc', 0.64996, atLeast(0.65), FAIL, 'ROC AUC 0.649960 on 23,110 test rows is 0.000040 below the required 0.650000.'],
    ['at most, kept', 'rmse', 1234.5, atMost(1300), PASS, 'RMSE 1,234.5000 on 23,110 test rows is at most the allowed 1,300.0000.'],
    ['at most, exceeded', 'logLoss', 0.51, atMost(0.5), FAIL, 'Log loss 0.5100 on 23,110 test rows is 0.0100 above the allowed 0.5000.'],
  ])('%s', (_, name, value, condition, verdict, message) => {
    const { results } = judgeModel(gate(name, condition), evaluated({ metrics: [metric(name, value)] }));
    expect(results).toMatchObject([{ name: 'the gate', metric: name, verdict, value, threshold: condition.value, rows: 23110, message }]);
  });

  it('holds for a slice', () => {
    const { results, verdict } = judgeModel(
      gate('rocAuc', atLeast(0.6), 'origin=ATL'),
      evaluated({ metrics: [metric('rocAuc', 0.7), metric('rocAuc', 0.55, 812, 'origin=ATL')] }),
    );
    expect(results[0]?.message).toBe('ROC AUC of origin=ATL 0.5500 on 812 test rows is 0.0500 below the required 0.6000.');
    expect(verdict).toBe('rejected');
  });
});

describe('not worse than the champion', () => {
  it.each([
    ['better', 0.718, 0.716, 'rocAuc', PASS, 'ROC AUC 0.7180 is 0.0020 above the champion\'s 0.7160 (v3) on the same 98,310 rows; allowed 0.0020.'],
    ['equal', 0.716, 0.716, 'rocAuc', PASS, 'ROC AUC 0.7160 equals the champion\'s 0.7160 (v3) on the same 98,310 rows; allowed 0.0020.'],
    ['worse by what is allowed', 0.714, 0.716, 'rocAuc', PASS, 'ROC AUC 0.7140 is 0.0020 below the champion\'s 0.7160 (v3) on the same 98,310 rows; allowed 0.0020.'],
    ['worse by more', 0.712, 0.716, 'rocAuc', FAIL, 'ROC AUC 0.7120 is 0.0040 below the champion\'s 0.7160 (v3) on the same 98,310 rows; allowed 0.0020.'],
    ['a loss that is higher', 0.45, 0.44, 'logLoss', FAIL, 'Log loss 0.4500 is 0.0100 above the champion\'s 0.4400 (v3) on the same 98,310 rows; allowed 0.0020.'],
    ['a loss that is lower', 0.43, 0.44, 'logLoss', PASS, 'Log loss 0.4300 is 0.0100 below the champion\'s 0.4400 (v3) on the same 98,310 rows; allowed 0.0020.'],
    ['a bias that is nearer to zero', -0.1, 0.3, 'bias', PASS, 'Bias -0.1000 is 0.4000 below the champion\'s 0.3000 (v3) on the same 98,310 rows; allowed 0.0020.'],
    ['a bias that is further from zero', -0.4, 0.3, 'bias', FAIL, 'Bias -0.4000 is 0.7000 below the champion\'s 0.3000 (v3) on the same 98,310 rows; allowed 0.0020.'],
  ])('%s', (_, challenger, champion, name, verdict, message) => {
    const { results } = judgeModel(gate(name, notWorseBy(0.002)), against(challenger, champion, name));
    expect(results).toMatchObject([{ verdict, value: challenger, championValue: champion, rows: 98310, message }]);
  });

  it('can demand an improvement', () => {
    const { results } = judgeModel(gate('rocAuc', notWorseBy(-0.01)), against(0.72, 0.716));
    expect(results[0]).toMatchObject({
      verdict: FAIL, message: 'ROC AUC 0.7200 is 0.0040 above the champion\'s 0.7160 (v3) on the same 98,310 rows; required: better by 0.0100.',
    });
  });

  it('does not apply while there is no champion, and says so', () => {
    const { results, verdict } = judgeModel(gate('rocAuc', notWorseBy(0.002)), evaluated({ metrics: [metric('rocAuc', 0.7)] }));
    expect(results[0]).toMatchObject({ verdict: NOT_APPLICABLE, message: 'ROC AUC is compared with nothing: there is no champion yet.' });
    expect(verdict).toBe('accepted');
  });
});

describe('the primary metric', () => {
  it.each([
    ['ROC AUC of two classes', Task.BINARY, 'rocAuc'],
    ['accuracy of several', Task.MULTICLASS, 'accuracy'],
    ['RMSE of numbers', Task.REGRESSION, 'rmse'],
  ])('is %s', (_, task, name) => {
    const { results } = judgeModel(gate('primary', atLeast(0.1)), evaluated({ metrics: [metric(name, 0.5), metric('logLoss', 0.1)] }), task);
    expect(results).toMatchObject([{ metric: name, value: 0.5, verdict: PASS }]);
  });
});

describe('what is not known never passes', () => {
  const rocAuc = metric('rocAuc', 0.7);
  const undefinedMetric = { name: 'rocAuc', slice: '', rows: 12, undefinedBecause: 'there are no positive rows' };
  const compared = { model: 'delays', championVersion: 3, rows: 98310 };
  it.each([
    ['a metric that was not measured', gate('rocAucc', notWorseBy(0)), { metrics: [rocAuc] }, 'The evaluation has no metric rocAucc; it measured rocAuc.'],
    ['an undefined metric', gate('rocAuc', atLeast(0.5)), { metrics: [undefinedMetric] }, 'ROC AUC is undefined: there are no positive rows.'],
    ['a small slice', gate('rocAuc', atLeast(0.5), 'origin=ABE'), { metrics: [rocAuc], smallSlices: ['origin=ABE'] }, 'ROC AUC of origin=ABE is not known: the slice has too few rows.'],
    ['an unknown slice', gate('rocAuc', atLeast(0.5), 'origin=XXX'), { metrics: [rocAuc] }, 'ROC AUC of origin=XXX is not known: no row is in the slice, or its column holds no categories.'],
    ['too few rows to compare on', gate('rocAuc', notWorseBy(0)), { metrics: [rocAuc], comparison: { ...compared, rows: 999, challenger: [rocAuc], champion: [rocAuc] } }, 'ROC AUC can not be compared with the champion (v3): only 999 rows that neither was trained on, at least 1,000 are needed (modelGate.minimumComparisonRows).'],
    ['too few test rows', gate('rocAuc', atLeast(0.1)), { testRows: 7, metrics: [rocAuc] }, 'ROC AUC means little: there are only 7 test rows, at least 1,000 are needed (modelGate.minimumComparisonRows).'],
    ['an undefined metric of the first model', gate('rocAuc', notWorseBy(0)), { metrics: [undefinedMetric] }, 'ROC AUC is undefined: there are no positive rows.'],
    ['guessing that can not be told', gate('primary', { case: 'betterThanGuessing', value: true }), { metrics: [undefinedMetric] }, 'ROC AUC is undefined: there are no positive rows.'],
    ['an impossible comparison', gate('rocAuc', notWorseBy(0)), { metrics: [rocAuc], comparison: { ...compared, impossibleBecause: 'it predicts another label, distance' } }, 'ROC AUC can not be compared with the champion (v3): it predicts another label, distance.'],
    ['an undefined metric of the champion', gate('rocAuc', notWorseBy(0)), { metrics: [rocAuc], comparison: { ...compared, challenger: [rocAuc], champion: [undefinedMetric] } }, 'ROC AUC of the champion (v3) is undefined: there are no positive rows.'],
    ['models measured on different rows', gate('rocAuc', notWorseBy(0)), { metrics: [rocAuc], comparison: { ...compared, challenger: [rocAuc], champion: [metric('rocAuc', 0.6, 5)] } }, 'ROC AUC was measured on different rows for challenger and champion.'],
    ['a threshold that is not a number', gate('rocAuc', atLeast(NaN)), { metrics: [rocAuc] }, 'Gate the gate has no usable threshold.'],
    ['a limit that is not a number', gate('rocAuc', notWorseBy(NaN)), { metrics: [rocAuc], comparison: { ...compared, challenger: [rocAuc], champion: [rocAuc] } }, 'Gate the gate can not be judged: it names no usable limit.'],
    ['a gate without a condition', gate('rocAuc', { case: undefined }), { metrics: [rocAuc] }, 'Gate the gate has no condition.'],
    ['an evaluation that measured nothing', gate('rocAuc', atLeast(0.5)), { metrics: [] }, 'The evaluation has no metric rocAuc; it measured nothing.'],
  ] satisfies [string, ModelGate, Evaluation, string][])('%s', (_, modelGate, evaluation, message) => {
    const { results, verdict, summary } = judgeModel(modelGate, evaluated(evaluation));
    expect(results).toMatchObject([{ verdict: INCONCLUSIVE, message }]);
    expect(verdict).toBe('rejected');
    expect(summary).toBe(message);
  });

  it('a pipeline without gates', () => {
    const { results, verdict, summary } = judgeModel(event(ModelGateSchema, {}), evaluated({ metrics: [rocAuc] }));
    expect({ results, verdict }).toEqual({ results: [], verdict: 'rejected' });
    expect(summary).toMatch(/no model gate/);
  });

  it('one failed gate among passed ones', () => {
    const gates = event(ModelGateSchema, { metrics: [0.5, 0.9, 0.6].map((value) => ({ name: `at least ${value}`, metric: 'rocAuc', condition: atLeast(value) })) });
    const { results, verdict, summary } = judgeModel(gates, evaluated({ metrics: [rocAuc] }));
    expect(results.map((r) => r.verdict)).toEqual([PASS, FAIL, PASS]);
    expect(verdict).toBe('rejected');
    expect(summary).toBe('ROC AUC 0.7000 on 23,110 test rows is 0.2000 below the required 0.9000.');
  });
});
