import { canonicalJson, RefitError } from '@refit/contracts';
import type { FittedTransforms, InputColumn, LabelDefinition } from '@refit/transforms';
import type { GradientBoostingModel } from './gradient-boosting/gradient-boosting-model.js';
import type { LinearModel } from './linear/linear-model.js';

/** Everything that is needed to predict, as one JSON document. Equal training gives equal bytes: no id, time or path. */
export interface ModelArtifact {
  readonly format: 'refit/model/v1';
  readonly label: LabelDefinition;
  readonly signature: { readonly inputs: readonly InputColumn[] };
  readonly transforms: FittedTransforms;
  readonly model: LinearModel | GradientBoostingModel;
  readonly parameters: Readonly<Record<string, number>>;
  readonly seed: number;
}

/** RFC 8785 JSON in UTF-8. */
export const encodeModelArtifact = (artifact: ModelArtifact): Uint8Array => new TextEncoder().encode(canonicalJson(artifact));

/** @throws RefitError ARTIFACT_CORRUPT when the bytes are not a model of this format */
export function decodeModelArtifact(bytes: Uint8Array): ModelArtifact {
  const value = parse(bytes);
  const format = typeof value === 'object' && value !== null && 'format' in value ? value.format : undefined;
  if (format !== 'refit/model/v1') {
    throw new RefitError('ARTIFACT_CORRUPT', `a model artifact of format refit/model/v1 was expected, found ${typeof format === 'string' ? format : 'another document'}`);
  }
  return value as ModelArtifact; // artifacts are content-addressed: the format says the rest
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch (cause) {
    throw new RefitError('ARTIFACT_CORRUPT', 'a model artifact was expected, but the bytes are not JSON', { cause });
  }
}
