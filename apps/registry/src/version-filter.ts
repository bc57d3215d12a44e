import { RefitError } from '@refit/contracts';
import { championAlias } from '@refit/model-registry';
import type { Condition } from '@refit/projections';

/** Of a version: it is the champion, it was, it never was. */
export const versionStatuses = ['champion', 'former', 'candidate'] as const;
export type VersionStatus = (typeof versionStatuses)[number];

/** Which versions are wanted. What is empty is not asked for. */
export interface VersionFilter {
  readonly pipeline: string;
  readonly alias: string;
  readonly status: VersionStatus | '';
}

/** @throws RefitError REQUEST_INVALID for a status that there is not */
export function versionFilter({ pipeline, alias, status }: { readonly pipeline: string; readonly alias: string; readonly status: string }): VersionFilter {
  const known = versionStatuses.find((name) => name === status);
  if (status !== '' && known === undefined) throw new RefitError('REQUEST_INVALID', `status is ${JSON.stringify(status.slice(0, 50))}; it must be one of ${versionStatuses.join(', ')}`);
  return { pipeline, alias, status: known ?? '' };
}

const hasAlias = 'EXISTS (SELECT 1 FROM model_aliases a WHERE a.model = v.model AND a.version = v.version AND a.alias = ?)';
const statuses: Readonly<Record<VersionStatus, string>> = {
  champion: hasAlias,
  former: `v.was_champion = 1 AND NOT ${hasAlias}`,
  candidate: 'v.was_champion = 0',
};

/** The filter as conditions on `model_versions v`. */
export const versionConditions = ({ pipeline, alias, status }: VersionFilter): readonly Condition[] => [
  pipeline !== '' && ['v.pipeline = ?', pipeline],
  alias !== '' && [hasAlias, alias],
  status !== '' && [statuses[status], ...(status === 'candidate' ? [] : [championAlias])],
];
