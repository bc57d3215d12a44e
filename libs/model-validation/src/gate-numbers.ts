/** Writes numbers that stand in one sentence with as many digits as their smallest difference needs: four at least. */
export function numberFormat(smallestDifference: number): (value: number) => string {
  const size = Math.abs(smallestDifference);
  const digits = size > 0 ? Math.min(12, Math.max(4, Math.ceil(1 - Math.log10(size)))) : 4;
  const format = new Intl.NumberFormat('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });
  return (value) => format.format(value);
}

/** `98,310 rows` */
export const countRows = (rows: number, kind = 'row'): string => `${rows.toLocaleString('en-US')} ${kind}${rows === 1 ? '' : 's'}`;
