import type { DatasetStatistics } from '../statistics.js';
import type { DistributionDistances } from './distances/exact-distances.js';
import type { ToldApart } from './told-apart.js';

/** What was measured in the rows of two snapshots, beyond what their statistics tell. */
export interface Compared {
  /** By column; absent: the rows of the reference are not at hand, and what its statistics tell has to do. */
  readonly exact?: ReadonlyMap<string, DistributionDistances>;
  /** The batch that was accepted before, where it is to be compared with too. */
  readonly previous?: PreviousBatch;
  /** Absent: nobody asked. */
  readonly classifier?: ClassifierOutcome;
}

export interface PreviousBatch {
  /** name@version */
  readonly label: string;
  readonly statistics: DatasetStatistics;
  /** Of the data that is judged, counted on the previous batch's bins and categories. */
  readonly sample: DatasetStatistics;
  readonly exact?: ReadonlyMap<string, DistributionDistances>;
}

/** How well a classifier tells the rows from those of the reference, or why that is not known. */
export type ClassifierOutcome =
  | { readonly toldApart: ToldApart; readonly columns: readonly TellingColumn[] }
  | { readonly inconclusive: string; readonly tooFewRows?: boolean };

export interface TellingColumn {
  readonly column: string;
  /** With its values shuffled. */
  readonly aucWithout: number;
}
