const heights = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/** A histogram in one line of text; where there is nothing, a blank. */
export function unicodeBars(shares: readonly number[]): string {
  const highest = Math.max(...shares);
  return shares.map((share) => (share <= 0 || highest === 0 ? ' ' : (heights[Math.max(Math.ceil((share / highest) * heights.length) - 1, 0)] ?? ''))).join('');
}
