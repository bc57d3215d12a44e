/** The number that lies this share of the way, in [0, 1], from a smaller one to a larger one; of no two is the way too long. */
export function interpolate(low: number, high: number, share: number): number {
  const way = high - low;
  return way === Infinity ? low * (1 - share) + high * share : Math.min(low + share * way, high);
}

/** The share of the way from a smaller number to a larger one at which one between them lies. */
export function shareBetween(low: number, high: number, value: number): number {
  const way = high - low;
  return way === Infinity ? (value / 2 - low / 2) / (high / 2 - low / 2) : (value - low) / way;
}
