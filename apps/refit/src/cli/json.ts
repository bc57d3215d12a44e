import { toJson, type DescMessage, type MessageShape } from '@bufbuild/protobuf';
import type { Terminal } from './terminal.js';

/** A message as one line of proto3 JSON with every field written out. */
export const jsonText = <S extends DescMessage>(schema: S, message: MessageShape<S>): string => JSON.stringify(toJson(schema, message, { alwaysEmitImplicit: true }));

export const printJson = <S extends DescMessage>(terminal: Terminal, schema: S, message: MessageShape<S>): void => terminal.print(jsonText(schema, message));
