/** A pivot this much smaller than its diagonal means that the column depends on those before it. */
const DEPENDENT = 1e-10;

/**
 * Solves A·x = b for a symmetric positive semidefinite matrix, given as its lower triangle by row (overwritten), by
 * Cholesky's decomposition. Where columns depend on each other, the later one gets 0: one of the many solutions.
 */
export function solvePositive(a: Float64Array, b: Float64Array): Float64Array {
  const n = b.length;
  const independent = decompose(a, n);
  const x = Float64Array.from(b);
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < i; k++) x[i] -= a[i * n + k] * x[k];
    x[i] = independent[i] ? x[i] / a[i * n + i] : 0;
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let k = i + 1; k < n; k++) x[i] -= a[k * n + i] * x[k];
    x[i] = independent[i] ? x[i] / a[i * n + i] : 0;
  }
  return x;
}

/** A = L·Lᵀ in place; answers which columns are independent, those that are not are zero in L. */
function decompose(a: Float64Array, n: number): boolean[] {
  const independent: boolean[] = [];
  for (let j = 0; j < n; j++) {
    const diagonal = a[j * n + j];
    let pivot = diagonal;
    for (let k = 0; k < j; k++) pivot -= a[j * n + k] ** 2;
    independent.push(pivot > DEPENDENT * diagonal);
    const root = independent[j] ? Math.sqrt(pivot) : 0;
    a[j * n + j] = root;
    for (let i = j + 1; i < n; i++) {
      let sum = a[i * n + j];
      for (let k = 0; k < j; k++) sum -= a[i * n + k] * a[j * n + k];
      a[i * n + j] = root === 0 ? 0 : sum / root;
    }
  }
  return independent;
}
