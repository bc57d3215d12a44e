import { numericStatistics, type ColumnStatistics } from '@refit/data-validation';
import { statisticsType, type SnapshotColumn } from './column-types.js';
import type { ColumnTask } from './column-task.js';
import type { DuckDb } from './duckdb.js';
import { doubles } from './number-vectors.js';
import { identifier } from './sql.js';

/** Statistics of number and time columns, from one query over all of them that gives each one's values in order. */
export async function* numberStatistics(db: DuckDb, source: string, tasks: readonly ColumnTask[]): AsyncGenerator<ColumnStatistics> {
  if (tasks.length === 0) return;
  const groups = tasks.map(({ column }, i) => {
    const name = identifier(column.name);
    return `SELECT CAST(${i} AS DOUBLE) AS i, ${asNumber(column)} AS value, CAST(count(*) AS DOUBLE) AS n FROM ${source} WHERE ${name} IS NOT NULL GROUP BY ${name}`;
  });
  const collected = tasks.map(() => new Collector());
  let current = 0;
  for await (const chunk of db.chunks(`SELECT i, coalesce(value, 'infinity') AS value, n FROM (${groups.join(' UNION ALL ')}) ORDER BY i, value`)) {
    const indices = doubles(chunk, 0);
    const values = doubles(chunk, 1);
    const counts = doubles(chunk, 2);
    for (let row = 0; row < chunk.rowCount; row++) {
      const i = indices[row] ?? 0;
      while (current < i) yield finish(tasks, collected, current++);
      collected[i]?.add(values[row] ?? Number.NaN, counts[row] ?? 0);
    }
  }
  while (current < tasks.length) yield finish(tasks, collected, current++);
}

/** Times as milliseconds since 1970; an infinite time has no number and reads as NULL. */
const asNumber = ({ name, type }: SnapshotColumn) =>
  type === 'TIMESTAMP' ? `CAST(epoch_us(${identifier(name)}) AS DOUBLE) / 1000` : `CAST(${identifier(name)} AS DOUBLE)`;

function finish(tasks: readonly ColumnTask[], collected: (Collector | undefined)[], i: number): ColumnStatistics {
  const task = tasks[i];
  const collector = collected[i];
  if (!task || !collector) throw new RangeError(`no column ${i}`);
  collected[i] = undefined;
  const { column, rows, reference, range } = task;
  const type = statisticsType(column.type);
  const numeric = numericStatistics(collector.finite(), reference?.numeric?.histogram.edges, range, reference?.numeric?.comparison?.edges);
  return {
    name: column.name,
    type,
    missing: rows - collector.rows,
    nonFinite: collector.nonFinite,
    distinct: collector.distinct,
    ...(numeric && { numeric }),
  };
}

/** Takes values with their counts, in ascending order. */
class Collector {
  private values = new Float64Array(1024);
  private counts = new Float64Array(1024);
  private length = 0;
  rows = 0;
  nonFinite = 0;
  distinct = 0;

  add(value: number, count: number) {
    this.rows += count;
    this.distinct++;
    if (!Number.isFinite(value)) {
      this.nonFinite += count;
      return;
    }
    if (this.length > 0 && this.values[this.length - 1] === value) {
      this.counts[this.length - 1] = (this.counts[this.length - 1] ?? 0) + count;
      return;
    }
    if (this.length === this.values.length) this.grow();
    this.values[this.length] = value;
    this.counts[this.length] = count;
    this.length++;
  }

  finite() {
    return { values: this.values.subarray(0, this.length), counts: this.counts.subarray(0, this.length) };
  }

  private grow() {
    const doubled = (old: Float64Array) => {
      const larger = new Float64Array(old.length * 2);
      larger.set(old);
      return larger;
    };
    this.values = doubled(this.values);
    this.counts = doubled(this.counts);
  }
}
