import { defaultDataGate, FindingSeverity, type Anomaly } from '@refit/contracts';
import { computeStatistics, relateColumns, type DuckDb, type LabelChoice } from '@refit/data';
import { allowedRanges, inferSchema, judgeData, type DatasetStatistics } from '@refit/data-validation';

/** What is told of data as data is: anomalies that are more than advice. */
export interface Told {
  readonly batches: number;
  readonly anomalies: readonly Anomaly[];
}

interface Rows {
  readonly statistics: DatasetStatistics;
  readonly relations: Awaited<ReturnType<typeof relateColumns>>;
}

const gate = defaultDataGate();

/** Judges a table of one DuckDB against a reference, as the gate judges a new batch. */
export async function judgeTable(db: DuckDb, table: string, label: LabelChoice, reference: DatasetStatistics): Promise<{ readonly rows: Rows; readonly anomalies: readonly Anomaly[] }> {
  const schema = inferSchema(reference);
  const rows = await describe(db, table, label, { reference, ranges: allowedRanges(schema, gate) });
  const { anomalies } = judgeData({ batch: table, malformedRows: 0, gate, ...rows, expected: { schema, reference }, learning: { label: label.column, excluded: [] } });
  return { rows, anomalies: anomalies.filter(({ severity }) => severity > FindingSeverity.INFO) };
}

async function describe(db: DuckDb, table: string, label: LabelChoice, options: Parameters<typeof computeStatistics>[2]): Promise<Rows> {
  const statistics = await computeStatistics(db, { table }, options);
  return { statistics, relations: await relateColumns(db, { table }, statistics, label, { correlations: false }) };
}

/** Rows of one population in parts that a hash chooses: the first is the reference, and nothing has happened in the others. */
export async function judgeParts(db: DuckDb, from: string, label: LabelChoice, parts: number, judged = parts - 1): Promise<Told> {
  await db.run(`CREATE OR REPLACE TABLE numbered AS SELECT *, row_number() OVER () AS "refit:number" FROM ${from}`);
  const take = (part: number) => db.run(`CREATE OR REPLACE TABLE part AS SELECT * EXCLUDE ("refit:number") FROM numbered WHERE hash("refit:number") % ${parts} = ${part}`);
  await take(0);
  const reference = await computeStatistics(db, { table: 'part' });
  const anomalies: Anomaly[] = [];
  for (let part = 1; part <= judged; part++) {
    await take(part);
    anomalies.push(...(await judgeTable(db, 'part', label, reference)).anomalies);
  }
  return { batches: judged, anomalies };
}
