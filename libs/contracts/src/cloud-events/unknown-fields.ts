import type { DescMessage, Message } from '@bufbuild/protobuf';
import { didYouMean } from '../yaml-file/index.js';
import { shorten, type EventData } from './envelope.js';

/** More than these are counted, not named. */
const named = 5;

/** A warning for each field of an event's JSON data that its message does not have, with what was probably meant. */
export function unknownFields(schema: DescMessage, data: EventData): readonly string[] {
  if (data.kind !== 'json' || typeof data.value !== 'object' || data.value === null) return [];
  const known = schema.fields.map((field) => field.jsonName);
  const read = new Set([...known, ...schema.fields.map((field) => field.name)]); // proto3 JSON takes both
  const unknown = Object.keys(data.value).filter((key) => !read.has(key));
  const warnings = unknown.slice(0, named).map((key) => `data.${shorten(key)} is not a field of ${schema.typeName} and was not read.${didYouMean(key, known)} Known: ${known.join(', ')}`);
  return unknown.length > named ? [...warnings, `${unknown.length - named} more fields of the data were not read`] : warnings;
}

/** The same for a message that came as protobuf, where fields have numbers only: its sender is newer than this Refit. */
export function unknownNumbers({ $typeName, $unknown = [] }: Message): readonly string[] {
  const numbers = [...new Set($unknown.map(({ no }) => no))];
  if (numbers.length === 0) return [];
  return [`the fields ${numbers.slice(0, named).join(', ')}${numbers.length > named ? ', …' : ''} of ${$typeName} are not known to this version of Refit and were not read`];
}
