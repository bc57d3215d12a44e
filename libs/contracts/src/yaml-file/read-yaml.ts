import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument, visit, type Document, type Node, type Pair } from 'yaml';
import type { Place } from '../errors.js';
import type { FaultPath } from './fault.js';

/** The event that records a pipeline file carries it whole, and no event is larger; no other file comes near. */
const maximumBytes = 64 * 1024;
const maximumValues = 5000;

/** What is wrong with the text as YAML. */
export interface YamlFault extends Place {
  readonly message: string;
}

export interface YamlText {
  /** Undefined when the faults leave nothing to look at. Where keys stand twice, the last counts, so that what else is wrong is found too. */
  readonly value: unknown;
  readonly faults: readonly YamlFault[];
  /** Line and column, from 1, of a value or of its key; of the nearest value around it when it is not there. */
  place(path: FaultPath, at: 'key' | 'value'): Place;
}

/** What the messages about a kind of file say of it. */
export interface YamlKind {
  /** `a pipeline file holds one pipeline` */
  readonly single: string;
  /** What an empty file wants: `a pipeline file starts with …`. Without it an empty file is an empty mapping. */
  readonly start?: string;
}

/** Reads YAML 1.2 of bounded size: at most 64 KiB and 5000 values, aliases included. Never throws. */
export function readYaml(text: string, kind: YamlKind): YamlText {
  const bytes = Buffer.byteLength(text);
  if (bytes > maximumBytes) return unreadable(`the file has ${bytes} bytes; at most ${maximumBytes} are read`);
  const lines = new LineCounter();
  let document: Document.Parsed;
  try {
    document = parseDocument(text, { lineCounter: lines, uniqueKeys: false, prettyErrors: false, logLevel: 'error' });
  } catch (error) {
    return unreadable(error instanceof RangeError ? 'the file is nested too deep' : String(error));
  }
  const placeAt = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  const place: YamlText['place'] = (path, at) => placeAt(offsetOf(document, path, at));
  const syntax = document.errors.map((e) => ({ ...placeAt(e.pos[0]), message: e.code === 'MULTIPLE_DOCS' ? `a second document begins here (---); ${kind.single}` : firstSentence(e.message) }));
  const { broken, repeated } = keyFaults(document, placeAt);
  const faults = [...syntax, ...broken, ...repeated];
  if (faults.length > repeated.length) return { value: undefined, faults, place };
  if (document.contents === null) return kind.start === undefined ? { value: {}, faults, place } : unreadable(`the file is empty; ${kind.start}`);
  try {
    return { value: document.toJS({ maxAliasCount: 100 }), faults, place };
  } catch (error) {
    return unreadable(`an alias (*) cannot be followed: ${(error as Error).message}`); // yaml throws nothing but errors
  }
}

const unreadable = (message: string): YamlText => ({ value: undefined, faults: [{ line: 1, column: 1, message }], place: () => ({ line: 1, column: 1 }) });

const firstSentence = (message: string) => message.split('\n', 1)[0] ?? message;

/** Keys that stand twice; and what leaves nothing to read: keys that are no text, aliases to nothing, too many values. */
function keyFaults(document: Document.Parsed, placeAt: (offset: number) => Place): { broken: YamlFault[]; repeated: YamlFault[] } {
  const broken: YamlFault[] = [];
  const repeated: YamlFault[] = [];
  let values = 0;
  const at = (node: unknown) => placeAt((node as Node | null)?.range?.[0] ?? 0); // parsed nodes carry their range
  visit(document, {
    Node: () => {
      if (++values <= maximumValues) return undefined;
      broken.push({ line: 1, column: 1, message: `the file has more than ${maximumValues} values` });
      return visit.BREAK;
    },
    Map: (_, map) => {
      const first = new Map<string, Place>();
      for (const { key } of map.items) {
        if (!isScalar(key) || typeof key.value !== 'string') {
          broken.push({ ...at(key), message: `expected a key of text; found ${isScalar(key) ? String(key.value) : 'something else'}` });
          continue;
        }
        const earlier = first.get(key.value);
        if (earlier) repeated.push({ ...at(key), message: `the key "${key.value}" stands twice in one mapping, first in line ${earlier.line}; keep one` });
        else first.set(key.value, at(key));
      }
    },
    Alias: (_, alias) => {
      if (!alias.resolve(document)) broken.push({ ...at(alias), message: `*${alias.source} refers to an anchor &${alias.source} that is not in the file` });
    },
  });
  return { broken, repeated };
}

function offsetOf(document: Document.Parsed, path: FaultPath, at: 'key' | 'value'): number {
  let node: unknown = document.contents;
  let offset = 0;
  for (const [depth, part] of path.entries()) {
    if (isAlias(node)) node = node.resolve(document);
    const last = depth === path.length - 1;
    if (isMap(node)) {
      const pair = node.items.findLast((p: Pair) => isScalar(p.key) && p.key.value === part);
      if (!pair) return offset;
      offset = start(pair.key) ?? offset;
      // An empty value has no place of its own: its key is shown.
      if (last && at === 'value' && !(isScalar(pair.value) && pair.value.source === '')) return start(pair.value) ?? offset;
      node = pair.value;
    } else if (isSeq(node) && typeof part === 'number') {
      node = node.items[part];
      offset = start(node) ?? offset;
    } else {
      return offset;
    }
  }
  return offset;
}

const start = (node: unknown) => (node as Node | null | undefined)?.range?.[0]; // parsed nodes carry their range
