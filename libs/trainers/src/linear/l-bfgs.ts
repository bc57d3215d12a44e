/** A smooth function: writes its gradient at x and answers its value. */
export type DifferentiableFunction = (x: Float64Array, gradient: Float64Array) => number;

export interface MinimizeOptions {
  readonly maximumIterations: number;
  /** Done when no component of the gradient is larger. */
  readonly tolerance: number;
  iterated?(iteration: number, value: number): void;
}

export interface Minimum {
  readonly x: Float64Array;
  readonly value: number;
  readonly iterations: number;
  readonly converged: boolean;
}

/** Pairs of past steps that stand for the curvature. */
const MEMORY = 10;
const SUFFICIENT_DECREASE = 1e-4;
const SHORTEST_STEP = 1e-12;

interface Step {
  readonly change: Float64Array;
  readonly gradientChange: Float64Array;
  readonly curvature: number;
}

/**
 * Minimises a convex function by L-BFGS (Nocedal and Wright 2006, algorithms 7.4 and 7.5) with backtracking line search.
 * Deterministic.
 */
export function minimize(f: DifferentiableFunction, start: Float64Array, options: MinimizeOptions): Minimum {
  let x = start;
  let gradient = new Float64Array(x.length);
  let value = f(x, gradient);
  const memory: Step[] = [];
  for (let iteration = 0; ; iteration++) {
    const converged = largest(gradient) <= options.tolerance;
    if (converged || iteration >= options.maximumIterations) return { x, value, iterations: iteration, converged };
    const direction = descentDirection(gradient, memory);
    const next = lineSearch(f, x, value, gradient, direction, memory.length === 0 ? 1 / Math.sqrt(dot(gradient, gradient)) : 1);
    if (next === undefined) return { x, value, iterations: iteration, converged: false };
    remember(memory, difference(next.x, x), difference(next.gradient, gradient));
    ({ x, gradient, value } = next);
    options.iterated?.(iteration + 1, value);
  }
}

/** The two-loop recursion: −H·g, with H built from the remembered steps. */
function descentDirection(gradient: Float64Array, memory: readonly Step[]): Float64Array {
  const direction = gradient.map((g) => -g);
  const weights: number[] = [];
  for (const { change, gradientChange, curvature } of memory.toReversed()) {
    const weight = dot(change, direction) / curvature;
    weights.push(weight);
    addScaled(gradientChange, -weight, direction);
  }
  const newest = memory.at(-1);
  if (newest) scale(direction, newest.curvature / dot(newest.gradientChange, newest.gradientChange));
  for (const { change, gradientChange, curvature } of memory) {
    const weight = (weights.pop() ?? 0) - dot(gradientChange, direction) / curvature;
    addScaled(change, weight, direction);
  }
  return direction;
}

/** Halves the step until the value falls enough (Armijo); undefined when it cannot fall any more. */
function lineSearch(f: DifferentiableFunction, x: Float64Array, value: number, gradient: Float64Array, direction: Float64Array, first: number) {
  const slope = dot(gradient, direction);
  for (let step = first; step > SHORTEST_STEP; step /= 2) {
    const candidate = x.map((xi, i) => xi + step * direction[i]);
    const candidateGradient = new Float64Array(x.length);
    const candidateValue = f(candidate, candidateGradient);
    if (candidateValue <= value + SUFFICIENT_DECREASE * step * slope) return { x: candidate, gradient: candidateGradient, value: candidateValue };
  }
  return undefined;
}

function remember(memory: Step[], change: Float64Array, gradientChange: Float64Array): void {
  const curvature = dot(change, gradientChange);
  if (curvature <= 0) return; // rounding, at the very bottom
  memory.push({ change, gradientChange, curvature });
  if (memory.length > MEMORY) memory.shift();
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

function addScaled(a: Float64Array, factor: number, out: Float64Array): void {
  for (let i = 0; i < a.length; i++) out[i] += factor * a[i];
}

function scale(a: Float64Array, factor: number): void {
  for (let i = 0; i < a.length; i++) a[i] *= factor;
}

const difference = (a: Float64Array, b: Float64Array): Float64Array<ArrayBuffer> => Float64Array.from(a, (ai, i) => ai - b[i]);

const largest = (a: Float64Array): number => a.reduce((most, ai) => Math.max(most, Math.abs(ai)), 0);
