import { isRefitError } from '@refit/contracts';
import type { Validating } from '../validating.js';

/** Of the rows of a snapshot; undefined for rows that were not kept. */
export async function localPath({ runtime: { artifacts } }: Validating, hash: string | undefined): Promise<string | undefined> {
  if (hash === undefined || hash === '') return undefined;
  return artifacts.path(hash).catch((error: unknown) => {
    if (isRefitError(error, 'ARTIFACT_NOT_FOUND')) return undefined;
    throw error;
  });
}
