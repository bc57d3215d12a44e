import type { ModelArtifact } from '@refit/trainers';
import type { LabelDefinition } from '@refit/transforms';

export interface LinearArtifactOptions {
  readonly column?: string;
  readonly intercepts?: readonly number[];
  readonly slopes?: readonly number[];
}

/** A model whose scores are intercept + slope × one number column, one per output; so that metrics have closed forms. */
export function linearArtifact(label: LabelDefinition, { column = 'x', intercepts = [0], slopes = [1] }: LinearArtifactOptions = {}): ModelArtifact {
  return {
    format: 'refit/model/v1',
    label,
    signature: { inputs: [{ column, kind: 'number' }] },
    transforms: {
      format: 'refit/transforms/v1', encoding: 'one-hot', features: [column], leftOut: [],
      columns: [{ kind: 'number', column, impute: 0, mean: 0, scale: 1 }],
    },
    model: { kind: 'linear', intercepts, coefficients: slopes.map((slope) => [slope]) },
    parameters: {},
    seed: 0,
  };
}
