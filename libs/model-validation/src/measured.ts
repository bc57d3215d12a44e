/** A metric's value, or why there is none. Never NaN or infinite. */
export type Measured = { readonly value: number } | { readonly undefinedBecause: string };

/** A value that overflowed, or came of nothing, is not a value. */
export const measured = (value: number): Measured =>
  Number.isFinite(value) ? { value } : { undefinedBecause: `the result is ${value}` };

export const undefinedBecause = (reason: string): Measured => ({ undefinedBecause: reason });
