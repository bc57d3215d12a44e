import { canonicalJson, offendersStream, sha256 } from '@refit/contracts';
import { decideKeeping, offendersDecider, type Offenders } from '@refit/data-validation';
import { handle, load } from '@refit/saga';
import type { Validating } from '../validating.js';

/**
 * Keeps rows that broke expectations as an artifact, and where in the dataset's stream of offenders: that first, so that
 * nothing lies about of which nobody knows. What a person has had forgotten is not kept again, whatever run finds it.
 *
 * @returns its hash, also of what was forgotten
 */
export async function keepOffenders({ runtime: { store, artifacts }, context: { runId, causationId, spec }, ingested: { dataset } }: Validating, found: Omit<Offenders, 'format' | 'dataset'>): Promise<string> {
  const offenders: Offenders = { format: 'refit/offenders/v1', dataset, ...found };
  const text = canonicalJson(offenders);
  const hash = sha256(text);
  const kept = {
    hash, runId, pipeline: spec.name, batch: found.batch,
    expectations: found.expectations.map(({ name }) => name), rows: found.expectations.reduce((sum, { unexpectedRows }) => sum + unexpectedRows, 0),
  };
  const stream = offendersStream(dataset);
  const metadata = { correlationId: runId, causationId, actor: `pipeline ${spec.name}` };
  const { state } = await handle(store, stream, offendersDecider, (current) => decideKeeping(current, kept), metadata);
  if (state.forgotten.has(hash)) return hash;
  await artifacts.put(Buffer.from(text));
  // Somebody may have had it forgotten between the two.
  if ((await load(store, stream, offendersDecider)).state.forgotten.has(hash)) await artifacts.remove(hash);
  return hash;
}
