/** How many rows lack values in exactly these columns, of two or more. */
export interface MissingTogether {
  readonly columns: readonly string[];
  readonly rows: number;
}

/** So many sets of columns are kept, those with the most rows. */
export const mostMissingTogether = 20;
