/** The way to a value of the file: keys and indexes from the root. */
export type FaultPath = readonly (string | number)[];

/** One thing that is wrong with a file, before its line and column are known. */
export interface Fault {
  readonly path: FaultPath;
  /** Whether the key or its value is to blame. */
  readonly at: 'key' | 'value';
  /** What was expected and what stands there. */
  readonly message: string;
  /** For an unknown key: the key that was probably meant. */
  readonly meant?: string;
}

/** `modelGate[0].metric`; empty for the root. */
export const pathText = (path: FaultPath) => path.map((part, i) => (typeof part === 'number' ? `[${part}]` : i === 0 ? part : `.${part}`)).join('');
