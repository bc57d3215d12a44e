import { DriftMeasureSchema, DriftVerdict, event, FindingSeverity } from '@refit/contracts';
import pc from 'picocolors';
import { describe, expect, it } from 'vitest';
import { driftOf } from './drift.js';

const style = pc.createColors(false);
const measure = { batch: 'week-09', measure: 'psi', warningAt: 0.1, failureAt: 0.25, rows: 5000, referenceRows: 5000 };

describe('the columns that moved', () => {
  it('are told by how much, how sure that is and what one would see, the worst first', () => {
    const drift = [
      event(DriftMeasureSchema, { ...measure, column: 'origin', value: 0.12, chanceLimit: 0.0021, pValue: 0.0004, verdict: DriftVerdict.MOVED, severity: FindingSeverity.WARNING, seen: '"ATL" 5.0 % → 9.0 %' }),
      event(DriftMeasureSchema, { ...measure, column: 'carrier', value: 0.04, verdict: DriftVerdict.STEADY }),
      event(DriftMeasureSchema, {
        ...measure, column: 'distance', value: 0.3612, chanceLimit: 0.00038, pValue: 0, verdict: DriftVerdict.MOVED, severity: FindingSeverity.FAILURE, seen: 'median 576 → 916',
        distances: [{ name: 'wasserstein', value: 0.86, warningAt: 0.1, failureAt: 0.5 }, { name: 'kolmogorov-smirnov', value: 0.214 }, { name: 'jensen-shannon', value: 0.05 }],
      }),
    ];
    expect(driftOf(drift, style)).toEqual([
      '  moved, against the reference:',
      '  ✗ distance of week-09 PSI 0.361 (0.1 warns, 0.25 fails; by chance up to 0.00038), Wasserstein 0.86 σ (0.1 warns, 0.5 fails), KS 0.214, Jensen–Shannon 0.050, p < 1e-12; median 576 → 916',
      '  ! origin of week-09 PSI 0.120 (0.1 warns, 0.25 fails; by chance up to 0.0021), p 0.00040; "ATL" 5.0 % → 9.0 %',
    ]);
  });

  it('are followed by all of them together, and may be against the batch before', () => {
    const drift = [
      event(DriftMeasureSchema, {
        batch: 'week-09', measure: 'domain-classifier', value: 0.743, warningAt: 0.65, pValue: 1e-20, verdict: DriftVerdict.MOVED, severity: FindingSeverity.WARNING,
        toldApart: { low: 0.72, high: 0.76 }, seen: 'told apart by delay (AUC 0.52 without it)',
      }),
      event(DriftMeasureSchema, { ...measure, column: 'origin', against: 'week-08@1', value: 0.12, verdict: DriftVerdict.MOVED, severity: FindingSeverity.WARNING }),
    ];
    expect(driftOf(drift, style)).toEqual([
      '  moved:',
      '  ! all columns of week-09 together: AUC 0.743 (0.72 to 0.76; 0.65 warns), p < 1e-12; told apart by delay (AUC 0.52 without it)',
      '  ! origin of week-09 against week-08@1 PSI 0.120 (0.1 warns, 0.25 fails)',
    ]);
  });

  it('of events of older versions are those above their limits', () => {
    expect(driftOf([event(DriftMeasureSchema, { ...measure, column: 'x', value: 0.2 }), event(DriftMeasureSchema, { ...measure, column: 'y', value: 0.05 })], style)).toHaveLength(2);
  });

  it('are none where nothing moved; what could not be compared is one', () => {
    expect(driftOf([event(DriftMeasureSchema, { ...measure, column: 'x', value: 0.2, verdict: DriftVerdict.STEADY })], style)).toEqual([]);
    expect(driftOf([event(DriftMeasureSchema, { ...measure, column: 'x', verdict: DriftVerdict.UNKNOWN, severity: FindingSeverity.FAILURE })], style)[1]).toMatch(/could not be compared/u);
  });
});
