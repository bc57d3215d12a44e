import { join } from 'node:path';
import { defaultDataGate, parsePipelineFile, type Anomaly, type DataGate, type DataSchema } from '@refit/contracts';
import { allowedRanges, inferSchema, judgeData } from '@refit/data-validation';
import { withDuckDb } from '../duckdb.js';
import { writeParquet } from '../freeze.js';
import { computeStatistics } from '../statistics/compute-statistics.js';
import { relateColumns } from '../statistics/relate-columns.js';

/** What is judged, and by what: SQL for the rows. */
export interface JudgedRows {
  readonly reference: string;
  readonly rows: string;
  /** The `dataGate` of a pipeline file. */
  readonly gate?: string;
  readonly label?: string;
  readonly exclude?: readonly string[];
  readonly batch?: string;
  /** Of the schema that the reference gives. */
  readonly edit?: (schema: DataSchema) => DataSchema;
}

/** The anomalies of rows as the gate finds them, statistics and all. */
export const judgeRows = (folder: string, { reference, rows, gate: written, label, exclude = [], batch = 'b', edit = (schema) => schema }: JudgedRows): Promise<{ readonly anomalies: readonly Anomaly[]; readonly schema: DataSchema; readonly again: (schema: DataSchema) => readonly Anomaly[] }> =>
  withDuckDb({ folders: [folder] }, async (db) => {
    const gate = gateOf(written);
    const [before, now] = [join(folder, 'before.parquet'), join(folder, 'now.parquet')];
    await writeParquet(db, reference, before);
    await writeParquet(db, rows, now);
    const known = await computeStatistics(db, before);
    const schema = edit(inferSchema(known));
    const statistics = await computeStatistics(db, now, { reference: known, ranges: allowedRanges(schema, gate) });
    const relations = await relateColumns(db, { parquet: now }, statistics, label === undefined ? undefined : { column: label });
    const again = (changed: DataSchema) => judgeData({
      batch, statistics, malformedRows: 0, gate, expected: { schema: changed, reference: known }, relations, ...(label !== undefined && { learning: { label, excluded: exclude } }),
    }).anomalies;
    return { anomalies: again(schema), schema, again };
  });

function gateOf(written: string | undefined): DataGate {
  if (written === undefined) return defaultDataGate();
  const file = `version: refit/v1\nname: p\nsource: x.csv\nlabel: y\ntrainer: linear\ndataGate: ${written}\n`;
  return parsePipelineFile(file, { fileName: 'p.yaml', baseDirectory: '/' }).spec.dataGate ?? defaultDataGate();
}
