import { delimiter } from 'node:path';
import type { Setting } from './setting.js';

/**
 * The text of an environment variable as the value of a setting. Lists are separated by commas, those of folders as in
 * PATH, or stand as a JSON list. What cannot be read stays text, and the schema says what was expected.
 */
export function valueOfText({ type, names }: Setting, text: string): unknown {
  switch (type) {
    case 'number': return /^-?\d+(\.\d+)?$/.test(text.trim()) ? Number(text) : text;
    case 'boolean': return text === 'true' ? true : text === 'false' ? false : text;
    case 'list': return jsonList(text) ?? items(text, names === 'folder' ? delimiter : ',');
    case 'text': return text;
  }
}

/** The value of a flag that stands several times: those of a list, otherwise the last. A folder is taken whole, whatever is in its name. */
export function valueOfFlag(setting: Setting, texts: readonly string[]): unknown {
  if (setting.type !== 'list') return valueOfText(setting, texts.at(-1) ?? '');
  return setting.names === 'folder' ? texts : texts.flatMap((text) => valueOfText(setting, text));
}

const items = (text: string, separator: string) => text.split(separator).map((item) => item.trim()).filter((item) => item !== '');

function jsonList(text: string): readonly unknown[] | undefined {
  if (!text.trim().startsWith('[')) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
