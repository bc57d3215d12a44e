import type { SplitMembership } from '@refit/contracts';

/** Rows of a table by what they are for; each ascending. */
export interface RowSplit {
  readonly training: Uint32Array;
  readonly validation: Uint32Array;
  readonly test: Uint32Array;
  /** The rule behind it, which can be asked of any other rows. */
  readonly membership: SplitMembership;
}
