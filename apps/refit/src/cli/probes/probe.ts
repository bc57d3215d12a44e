import type { RefitConfig } from '@refit/service';
import type { Finding } from './finding.js';
import { probeDataDirectory } from './probe-data-directory.js';
import { probeKafka } from './probe-kafka.js';
import { probeStore } from './probe-store.js';

/** Looks for everything that a configuration names, and changes nothing. */
export async function probe(config: RefitConfig): Promise<readonly Finding[]> {
  const { bus } = config;
  const found = await Promise.all([probeDataDirectory(config.dataDirectory), probeStore(config), ...(bus.kind === 'kafka' ? [probeKafka(bus)] : [])]);
  return found.flat();
}
