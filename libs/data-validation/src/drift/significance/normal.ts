import { complementaryErrorFunction } from './error-function.js';

/** Probability that a standard normal number lies further from 0 than z, on either side. */
export const normalExceedance = (z: number): number => complementaryErrorFunction(Math.abs(z) / Math.SQRT2);
