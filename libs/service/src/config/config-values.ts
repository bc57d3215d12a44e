import ms, { type StringValue } from 'ms';
import type { Origin } from './origin.js';
import type { ResolvedSetting } from './resolve-settings.js';

/** The resolved settings, read by their types. Only settings that are valid are read so. */
export class ConfigValues {
  readonly #settings: ReadonlyMap<string, ResolvedSetting>;

  constructor(settings: ReadonlyMap<string, ResolvedSetting>) {
    this.#settings = settings;
  }

  text(path: string): string | undefined {
    return this.#settings.get(path)?.value as string | undefined; // the schema has seen it
  }

  /** Of a setting that has a default. */
  textOf<T extends string>(path: string): T {
    return this.#settings.get(path)?.value as T; // the schema has seen it, and T are its choices
  }

  number(path: string): number {
    return this.#settings.get(path)?.value as number; // the schema has seen it, and it has a default
  }

  texts(path: string): readonly string[] {
    return (this.#settings.get(path)?.value ?? []) as readonly string[]; // the schema has seen it
  }

  isOn(path: string): boolean {
    return this.#settings.get(path)?.value === true;
  }

  durationMs(path: string): number {
    return textMs(this.textOf(path));
  }

  origin(path: string): Origin {
    return this.#settings.get(path)?.origin ?? { kind: 'default' };
  }

  isGiven(path: string): boolean {
    return this.origin(path).kind !== 'default';
  }

  isValid(path: string): boolean {
    return this.#settings.get(path)?.valid !== false;
  }
}

/** `10s` → 10000. The text has passed the schema's pattern, which is narrower than what ms reads. */
export const textMs = (text: string): number => Math.round(ms(text as StringValue));
