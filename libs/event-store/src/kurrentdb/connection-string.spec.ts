import { describe, expect, it } from 'vitest';
import { kurrentDbAddress } from './connection-string.js';

const faultOf = (url: string, options: object = {}): string => {
  try {
    kurrentDbAddress({ url, ...options });
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  return 'none';
};

describe('the address of KurrentDB', () => {
  it('takes what stands in the URL', () => {
    const { connectionString, credentials, shown } = kurrentDbAddress({ url: 'kurrentdb://admin:changeit@db.example:2113?tlsVerifyCert=false' });
    expect(connectionString).toBe('kurrentdb://admin:changeit@db.example:2113?tlsVerifyCert=false&throwOnAppendFailure=true&discoveryInterval=10');
    expect(credentials).toEqual({ username: 'admin', password: 'changeit' });
    expect(shown).toBe('kurrentdb://db.example:2113');
  });

  it('puts a user name and a password beside the URL in the place of those in it, whatever letters they have', () => {
    const { connectionString, credentials } = kurrentDbAddress({ url: 'kurrentdb://old:secret@db.example', username: 'ops@example', password: 'p:a/s?s&w%rd' });
    expect(connectionString).toContain('kurrentdb://ops%40example:p%3Aa%2Fs%3Fs%26w%25rd@db.example?');
    expect(credentials).toEqual({ username: 'ops@example', password: 'p:a/s?s&w%rd' });
    expect(connectionString).not.toContain('secret');
  });

  it('decodes what stands in the URL encoded', () => {
    expect(kurrentDbAddress({ url: 'kurrentdb://ops%40example:a%3Ab@db.example' }).credentials).toEqual({ username: 'ops@example', password: 'a:b' });
  });

  it.each([
    ['esdb://localhost:2113?tls=false', 'kurrentdb://localhost:2113?tls=false&'],
    ['esdb+discover://cluster.example:2113', 'kurrentdb+discover://cluster.example:2113?'],
    ['kurrentdb://a:2113,b:2113,c:2113/?TLS=false&keep_alive_interval=20000', 'kurrentdb://a:2113,b:2113,c:2113?tls=false&keepAliveInterval=20000&'],
  ])('reads %s', (url, begin) => {
    expect(kurrentDbAddress({ url }).connectionString.startsWith(begin)).toBe(true);
  });

  it('names the certificate file by its whole path', () => {
    const { connectionString } = kurrentDbAddress({ url: 'kurrentdb://db.example', caFile: import.meta.filename });
    expect(connectionString).toContain(`tlsCaFile=${encodeURIComponent(import.meta.filename)}`);
  });

  it.each([
    ['http://localhost:2113', {}, /looks like kurrentdb:/],
    ['', {}, /looks like kurrentdb:/],
    ['kurrentdb://u:hidden@localhost:2113?tsl=false', {}, /parameter "tsl"/],
    ['kurrentdb://u:hidden@localhost:2113?tls=false', {}, /only over TLS/],
    ['kurrentdb://localhost:2113?tls=false', { username: 'u', password: 'hidden' }, /only over TLS/],
    ['kurrentdb://u:hidden%zz@localhost:2113', {}, /Write % itself as %25/],
    ['kurrentdb://u:hidden@localhost:2113?nodePreference=follower', {}, /not the leader/],
    ['kurrentdb://u:hidden@localhost:2113', { caFile: '/nowhere/ca.pem' }, /\/nowhere\/ca\.pem/],
  ])('refuses %s %j and does not show the password', (url, options, reason) => {
    expect(faultOf(url, options)).toMatch(reason);
    expect(faultOf(url, options)).not.toContain('hidden');
  });
});
