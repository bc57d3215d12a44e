import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Certificates {
  readonly caFile: string;
  readonly key: Buffer;
  readonly certificate: Buffer;
  remove(): void;
}

export function isOpensslThere(): boolean {
  try {
    execFileSync('openssl', ['version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** An authority, and what it signed for `localhost`: the client library refuses a server that is its own authority. */
export function makeCertificates(): Certificates {
  const folder = mkdtempSync(join(tmpdir(), 'refit-certificates-'));
  const openssl = (...args: readonly string[]) => execFileSync('openssl', args, { cwd: folder, stdio: 'ignore' });
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  writeFileSync(join(folder, 'names.txt'), 'subjectAltName=DNS:localhost\n');
  openssl('req', '-x509', ...newKey, '-keyout', 'ca.key', '-out', 'ca.pem', '-days', '2', '-subj', '/CN=Test authority');
  openssl('req', ...newKey, '-keyout', 'server.key', '-out', 'server.csr', '-subj', '/CN=localhost');
  openssl('x509', '-req', '-in', 'server.csr', '-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-out', 'server.pem', '-days', '2', '-extfile', 'names.txt');
  const read = (name: string) => readFileSync(join(folder, name));
  return { caFile: join(folder, 'ca.pem'), key: read('server.key'), certificate: read('server.pem'), remove: () => rmSync(folder, { recursive: true }) };
}
