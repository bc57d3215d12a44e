/** 0.3338 → "33.4 %"; what is there but would round to nothing keeps a digit: 0.00002 → "0.002 %". */
export function percent(share: number): string {
  const value = share * 100;
  return `${value !== 0 && Math.abs(value) < 0.05 ? value.toPrecision(1) : value.toFixed(1)} %`;
}

/**
 * For a share and the limit that it is beyond, or within: as `percent`, with as many digits as it takes to see which:
 * 5.04 % where 5.00 % are allowed.
 */
export function percentApart(share: number, limit: number): (share: number) => string {
  const digits = [1, 2, 3, 4, 5, 6].find((many) => (share * 100).toFixed(many) !== (limit * 100).toFixed(many)) ?? 1;
  return digits === 1 ? percent : (value) => `${(value * 100).toFixed(digits)} %`;
}

/** At most six significant digits. */
export const number = (value: number): string => String(Number(value.toPrecision(6)));

/** "1 row", "1,200 rows". */
export const rowCount = (rows: number): string => `${rows.toLocaleString('en-US')} ${rows === 1 ? 'row' : 'rows'}`;

/** The first few of many, as text: "a, b, c and 4 more". */
export function some(items: readonly string[], shown = 3): string {
  const rest = items.length - shown;
  return rest > 0 ? `${items.slice(0, shown).join(', ')} and ${rest} more` : items.join(', ');
}
