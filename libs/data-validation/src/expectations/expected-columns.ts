import type { Expectation } from '@refit/contracts';

/** The columns that an expectation names, without those that its SQL may read. */
export function expectedColumns({ expected }: Expectation): readonly string[] {
  switch (expected.case) {
    case 'notNull':
      return [expected.value];
    case 'unique':
    case 'ordered':
    case 'disjoint':
      return expected.value.columns;
    case 'increasing':
      return [expected.value.column, ...expected.value.per];
    case 'allowed':
    case 'regex':
    case 'between':
    case 'notInFuture':
    case 'fresh':
      return [expected.value.column];
    case 'sql':
    case 'rowCount':
    case undefined:
      return [];
  }
}

/** What an expectation is about, where that is one column; else empty. */
export function expectedColumn(expectation: Expectation): string {
  const [first = '', ...others] = expectedColumns(expectation);
  return others.length === 0 || expectation.expected.case === 'increasing' ? first : '';
}

/**
 * Whether an expectation says something of a window too. The order of rows in a window, and how many they are, are not the
 * sender's doing; which part of a window tests a model is known of windows only.
 */
export function appliesTo({ expected }: Expectation, what: 'batch' | 'window'): boolean {
  if (expected.case === 'disjoint') return what === 'window';
  return what === 'batch' || (expected.case !== 'increasing' && expected.case !== 'rowCount');
}
