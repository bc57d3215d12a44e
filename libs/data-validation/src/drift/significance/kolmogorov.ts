/**
 * The two-sample Kolmogorov–Smirnov test: probability of a distance of at least `distance` between the distribution
 * functions of two samples, of n and m values from one continuous population. With ties it is at most that.
 *
 * Exact for small samples (at most `exactUpTo` pairs of values), from then on by the limiting distribution.
 */
export function kolmogorovSmirnovTest(distance: number, n: number, m: number): number {
  if (!(distance > 0)) return 1;
  return n * m <= exactUpTo ? exactExceedance(distance, n, m) : kolmogorovExceedance(distance * Math.sqrt((n / (n + m)) * m));
}

export const exactUpTo = 100_000;

/**
 * Probability that the limit of √(nm/(n+m)) · distance exceeds λ (A. N. Kolmogorov 1933, N. V. Smirnov 1939):
 * 2 Σ (−1)^(k−1) e^(−2k²λ²); for small λ its theta-function twin, which converges there.
 */
export function kolmogorovExceedance(lambda: number): number {
  if (lambda < 0.2) return 1; // to within 1e-12
  if (lambda < 1.18) {
    const y = Math.exp(-(Math.PI ** 2) / (8 * lambda ** 2));
    return 1 - (Math.sqrt(2 * Math.PI) / lambda) * (y + y ** 9 + y ** 25 + y ** 49);
  }
  const x = Math.exp(-2 * lambda ** 2);
  return Math.min(2 * (x - x ** 4 + x ** 9 - x ** 16), 1);
}

/**
 * Of all ways to merge the two samples, the share in which the distance is reached: counted along lattice paths as
 * proportions, so that nothing overflows (J. L. Hodges, "The significance probability of the Smirnov two-sample test",
 * Arkiv för Matematik 3, 1958).
 */
function exactExceedance(distance: number, n: number, m: number): number {
  // Distances are multiples of 1/lcm(n, m), which half of 1/(nm) cannot mix up.
  const reaches = (i: number, j: number) => Math.abs(i / n - j / m) >= distance - 0.5 / (n * m);
  // reached[j]: among the paths from (0, 0) to (i, j), all equally likely, the share that has reached the distance.
  const reached = new Float64Array(m + 1);
  for (let j = 1; j <= m; j++) reached[j] = reaches(0, j) ? 1 : (reached[j - 1] ?? 0);
  for (let i = 1; i <= n; i++) {
    if (reaches(i, 0)) reached[0] = 1;
    for (let j = 1; j <= m; j++) {
      reached[j] = reaches(i, j) ? 1 : ((reached[j] ?? 0) * i + (reached[j - 1] ?? 0) * j) / (i + j);
    }
  }
  return reached[m] ?? 1;
}
