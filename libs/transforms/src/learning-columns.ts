import { SplitKind, type Features, type Label, type Split } from '@refit/contracts';

/** Of the columns of a snapshot those that learning reads: all that the pipeline does not exclude, the label's and the split's. */
export function learningColumns(columns: readonly string[], { label, features, split }: { readonly label: Label; readonly features: Features; readonly split: Split }): readonly string[] {
  const needed = new Set([label.column, ...(split.kind === SplitKind.RANDOM ? [] : [split.column])]);
  const excluded = new Set(features.excluded);
  return columns.filter((name) => needed.has(name) || !excluded.has(name));
}
