import { DuckDBDoubleVector, DuckDBIntegerVector, type DuckDBDataChunk } from '@duckdb/node-api';

/** A DOUBLE column of a chunk as the array it lies in: valid until the next chunk; what is NULL reads as anything. */
export function doubles(chunk: DuckDBDataChunk, column: number): Float64Array {
  const vector = chunk.getColumnVector(column);
  if (!(vector instanceof DuckDBDoubleVector)) throw new TypeError(`column ${column} is ${vector.type.toString()}, not DOUBLE`);
  return itemsOf<Float64Array>(vector);
}

/** An INTEGER column of a chunk, likewise. */
export function integers(chunk: DuckDBDataChunk, column: number): Int32Array {
  const vector = chunk.getColumnVector(column);
  if (!(vector instanceof DuckDBIntegerVector)) throw new TypeError(`column ${column} is ${vector.type.toString()}, not INTEGER`);
  return itemsOf<Int32Array>(vector);
}

/** The vectors keep their values in a typed array, `items`, that only their type declaration hides; reading value by value is five times slower. */
const itemsOf = <T extends Float64Array | Int32Array>(vector: object): T => (vector as { items: T }).items;
