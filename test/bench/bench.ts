/** One measured value; `ok` says whether it meets its target. */
export interface Figure {
  name: string;
  value: number;
  unit: string;
  target?: string;
  ok?: boolean;
}

/** What the default export of each `*.bench.ts` resolves to. */
export interface BenchResult {
  bench: string;
  figures: Figure[];
}
