import { readFile } from 'node:fs/promises';
import { fromJson, toJson } from '@bufbuild/protobuf';
import { DataSchemaSchema, RefitError, type DataSchema } from '@refit/contracts';
import type { DatasetStatistics } from '@refit/data-validation';

const kind = 'refit/schema/v1';

/** A schema, and the statistics of the data that it was inferred from, where drift is to be judged by them. */
export interface SchemaInFile {
  readonly schema: DataSchema;
  readonly reference?: DatasetStatistics;
}

/** As it stands in a file. */
export const schemaJson = ({ schema, reference }: SchemaInFile) =>
  ({ kind, ...(toJson(DataSchemaSchema, schema, { alwaysEmitImplicit: true }) as object), ...(reference && { reference }) }); // a message is an object

/** Of a file, or of a running Refit (`refit data schema show DATASET --json`). @throws RefitError REQUEST_INVALID for a file that is none, or cannot be read */
export async function readSchemaFile(path: string): Promise<SchemaInFile> {
  const invalid = (trouble: string, cause?: unknown) => new RefitError('REQUEST_INVALID', `${path} ${trouble}; refit data schema FILE --json prints a schema, refit data schema show DATASET --json that of a running Refit`, { cause });
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw invalid('cannot be read', cause);
  });
  try {
    const { kind: found, schema: shown, reference, ...schema } = JSON.parse(text);
    if (shown?.schema) return { schema: fromJson(DataSchemaSchema, shown.schema, { ignoreUnknownFields: true }) };
    if (found !== kind) throw new Error(`its kind is not ${kind}`);
    return { schema: fromJson(DataSchemaSchema, schema), ...(reference !== undefined && { reference: statisticsIn(reference) }) };
  } catch (cause) {
    throw invalid(`holds no schema (${cause instanceof Error ? cause.message : String(cause)})`, cause);
  }
}

/** @throws Error for what is none */
function statisticsIn(found: Partial<DatasetStatistics> | null): DatasetStatistics {
  if (typeof found?.rows !== 'number' || !Array.isArray(found.columns)) throw new Error('its "reference" holds no statistics');
  return { ...found, rows: found.rows, columns: found.columns };
}
