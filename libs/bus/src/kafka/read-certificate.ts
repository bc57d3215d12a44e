import { readFileSync } from 'node:fs';
import { RefitError } from '@refit/contracts';

/** @throws RefitError CONFIG_INVALID */
export function readCertificate(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new RefitError('CONFIG_INVALID', `the certificate file ${file} for Kafka cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}
