import { SplitKind, type Expectation, type Split } from '@refit/contracts';

/** The columns that tell rows apart: of the first unique key that is expected, else the key that the rows are split by; else none are known. */
export function keyColumnsOf(expectations: readonly Expectation[], split: Split | undefined): readonly string[] {
  for (const { expected } of expectations) if (expected.case === 'unique') return expected.value.columns;
  return split?.kind === SplitKind.HASH ? [split.column] : [];
}
