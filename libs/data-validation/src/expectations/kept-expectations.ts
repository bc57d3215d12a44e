import { canonicalJson, ExpectationVerdict, type ExpectationResult } from '@refit/contracts';

/** What they may take of an event's 64 KiB, in bytes of JSON. */
const mostBytes = 6000;

/** The expectations that were kept, as far as they fit into an event: those of the window and the first batches. */
export function keptExpectations(results: readonly ExpectationResult[]): readonly ExpectationResult[] {
  let left = mostBytes;
  const kept = results.filter(({ verdict }) => verdict === ExpectationVerdict.KEPT);
  const windowFirst = [...kept.filter(({ batch }) => batch === ''), ...kept.filter(({ batch }) => batch !== '')];
  const end = windowFirst.findIndex((result) => (left -= new TextEncoder().encode(canonicalJson(result)).length) < 0);
  return end === -1 ? windowFirst : windowFirst.slice(0, end);
}
