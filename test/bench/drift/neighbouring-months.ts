import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { defaultDataGate, FindingSeverity } from '@refit/contracts';
import { computeStatistics, withPreparedFile } from '@refit/data';
import { allowedRanges, inferSchema, judgeData, type DatasetStatistics } from '@refit/data-validation';
import type { Figure } from '../bench.ts';

/** Months of taxi rides, each judged as the next batch after the one before, which is the reference; where REFIT_BENCH_DATA names a folder with nyc_taxi. */
export async function neighbouringMonths(): Promise<Figure[]> {
  const folder = join(process.env['REFIT_BENCH_DATA'] ?? '', 'nyc_taxi');
  if (process.env['REFIT_BENCH_DATA'] === undefined || !existsSync(folder)) {
    console.log('  skipped: months of taxi rides; name a folder with nyc_taxi/*.csv in REFIT_BENCH_DATA');
    return [];
  }
  const months = readdirSync(folder).filter((name) => name.endsWith('.csv')).sort().map((name) => join(folder, name));
  const gate = defaultDataGate();
  const found = { failures: 0, warnings: 0 };
  for (const [i, month] of months.entries()) {
    if (i === 0) continue;
    const reference = await withPreparedFile(months[i - 1] ?? '', {}, (db, { source }) => computeStatistics(db, source));
    const schema = inferSchema(reference);
    const statistics = await withPreparedFile(month, {}, (db, { source }): Promise<DatasetStatistics> => computeStatistics(db, source, { reference, ranges: allowedRanges(schema, gate) }));
    for (const { severity, message } of judgeData({ batch: month, statistics, malformedRows: 0, gate, expected: { schema, reference } }).anomalies) {
      if (severity < FindingSeverity.WARNING) continue;
      found[severity === FindingSeverity.FAILURE ? 'failures' : 'warnings'] += 1;
      console.log(`  ${month.slice(-11, -4)}: ${severity === FindingSeverity.FAILURE ? '✗' : '!'} ${message}`);
    }
  }
  return [
    { name: 'neighbouring months of taxi rides, failures', value: found.failures, unit: '', target: '0', ok: found.failures === 0 },
    { name: 'neighbouring months of taxi rides, warnings', value: found.warnings, unit: '' },
  ];
}
