const units = { ms: 1, s: 1000, m: 60_000, min: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const;

/** Milliseconds of `90s`, `30m`, `2h`, `3d`, `1.5 w`: as in pipeline files and settings, `m` (or `min`) are minutes. */
export function readDuration(text: string): number | undefined {
  const [, amount, unit] = /^(\d{1,9}(?:\.\d{1,9})?) ?(ms|s|m|min|h|d|w)$/.exec(text) ?? [];
  return amount === undefined ? undefined : Math.round(Number(amount) * units[unit as keyof typeof units]); // the pattern names the units
}

/** For messages. */
export const durationUnits = 'ms, s, m (minutes), h, d, w';
