/** 0.3338 → "33.4 %"; what is there but would round to nothing keeps a digit: 0.00002 → "0.002 %". */
export function percent(share: number): string {
  const value = share * 100;
  return `${value !== 0 && Math.abs(value) < 0.05 ? value.toPrecision(1) : value.toFixed(1)} %`;
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
