/** Numbers by column: feature f of row r is `values[f * rows + r]`. NaN is missing. */
export interface FeatureMatrix {
  readonly rows: number;
  readonly width: number;
  readonly values: Float32Array;
}

export const featureColumn = ({ rows, values }: FeatureMatrix, feature: number): Float32Array =>
  values.subarray(feature * rows, (feature + 1) * rows);
