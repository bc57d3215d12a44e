import { readFile } from 'node:fs/promises';
import { fromJson, toJson } from '@bufbuild/protobuf';
import { DataSchemaSchema, RefitError, type DataSchema } from '@refit/contracts';

const kind = 'refit/schema/v1';

/** A schema as it stands in a file. */
export const schemaJson = (schema: DataSchema) => ({ kind, ...(toJson(DataSchemaSchema, schema, { alwaysEmitImplicit: true }) as object) }); // a message is an object

/** Of a file, or of a running Refit (`refit data schema show DATASET --json`). @throws RefitError REQUEST_INVALID for a file that is none, or cannot be read */
export async function readSchemaFile(path: string): Promise<DataSchema> {
  const invalid = (trouble: string, cause?: unknown) => new RefitError('REQUEST_INVALID', `${path} ${trouble}; refit data schema FILE --json prints a schema, refit data schema show DATASET --json that of a running Refit`, { cause });
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw invalid('cannot be read', cause);
  });
  try {
    const { kind: found, schema: shown, ...schema } = JSON.parse(text);
    if (shown?.schema) return fromJson(DataSchemaSchema, shown.schema, { ignoreUnknownFields: true });
    if (found !== kind) throw new Error(`its kind is not ${kind}`);
    return fromJson(DataSchemaSchema, schema);
  } catch (cause) {
    throw invalid(`holds no schema (${cause instanceof Error ? cause.message : String(cause)})`, cause);
  }
}
