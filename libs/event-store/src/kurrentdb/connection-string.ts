import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { RefitError } from '@refit/contracts';

export interface KurrentDbAddressOptions {
  /** `kurrentdb://host:2113?tls=false`, `kurrentdb+discover://cluster.example:2113`, several hosts with commas; `esdb` alike. */
  readonly url: string;
  readonly username?: string;
  readonly password?: string;
  /** Of the authority that signed the servers' certificates, as PEM. */
  readonly caFile?: string;
}

export interface Credentials {
  readonly username: string;
  readonly password: string;
}

/** Where the database is and how to get in. */
export interface KurrentDbAddress {
  /** For the client. Holds the credentials: never log it. */
  readonly connectionString: string;
  /**
   * For reads, which the client makes through another library than appends: that one does not decode what stands in a
   * connection string. Appends take theirs from the connection string, since credentials of a call would make them slow.
   */
  readonly credentials: Credentials | undefined;
  /** For people: without credentials and parameters. */
  readonly shown: string;
}

/** What the client knows, as it spells it; it would print the whole connection string if it met another. */
const parameterNames = [
  'tls', 'tlsVerifyCert', 'tlsCaFile', 'userCertFile', 'userKeyFile', 'connectionName', 'defaultDeadline', 'nodePreference',
  'maxDiscoverAttempts', 'discoveryInterval', 'gossipTimeout', 'keepAliveInterval', 'keepAliveTimeout', 'throwOnAppendFailure',
];
/** With one host there is nothing to discover, but the part of the client that reads waits this long before it connects; 500 ms by default. */
const oneHostIntervalMs = 10;

const parameterByName = new Map(parameterNames.map((name) => [flat(name), name]));

/**
 * What was configured in one place and another, put together and checked before the client sees it: its own errors and
 * warnings would show the password.
 *
 * @throws RefitError CONFIG_INVALID
 */
export function kurrentDbAddress({ url, username, password, caFile }: KurrentDbAddressOptions): KurrentDbAddress {
  const { scheme, userInfo, hosts, parameters } = split(url);
  const shown = `${scheme}://${hosts}`;
  const credentials = username === undefined ? userInfo : { username, password: password ?? '' };
  if (caFile !== undefined) parameters.set('tlsCaFile', existing(caFile));
  if (parameters.get('tls') === 'false' && credentials !== undefined) {
    throw invalid(`${shown} has tls=false together with a user name. KurrentDB takes credentials only over TLS, so they would be left out without a word. Remove tls=false or the user name`);
  }
  if (!['leader', undefined].includes(parameters.get('nodePreference')?.toLowerCase())) {
    throw invalid(`${shown} prefers nodes that are not the leader, where what was just written may not be there yet. Remove nodePreference`);
  }
  parameters.set('throwOnAppendFailure', 'true');
  if (!parameters.has('discoveryInterval')) parameters.set('discoveryInterval', scheme.endsWith('+discover') || hosts.includes(',') ? '100' : String(oneHostIntervalMs));
  const login = credentials === undefined ? '' : `${encodeURIComponent(credentials.username)}:${encodeURIComponent(credentials.password)}@`;
  const query = Array.from(parameters, ([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&');
  return { connectionString: `${scheme}://${login}${hosts}?${query}`, credentials, shown };
}

interface ConnectionString {
  readonly scheme: string;
  readonly userInfo: Credentials | undefined;
  readonly hosts: string;
  readonly parameters: Map<string, string>;
}

function split(url: string): ConnectionString {
  const [, name = '', discover = '', login, hosts = '', query = ''] = /^(kurrentdb|kurrent|kdb|esdb)(\+discover)?:\/\/(?:([^@/?]*)@)?([^@/?#\s]+)\/?(?:\?(.*))?$/i.exec(url.trim()) ?? [];
  if (name === '') throw invalid(`The address of KurrentDB cannot be read. It looks like kurrentdb://host:2113 or kurrentdb://host:2113?tls=false`);
  return { scheme: `kurrentdb${discover.toLowerCase()}`, userInfo: login === undefined ? undefined : userInfo(login, hosts), hosts, parameters: parametersOf(query, hosts) };
}

function userInfo(login: string, hosts: string): Credentials {
  const [name = '', ...password] = login.split(':');
  return { username: decoded(name, hosts), password: decoded(password.join(':'), hosts) };
}

function parametersOf(query: string, hosts: string): Map<string, string> {
  const parameters = new Map<string, string>();
  for (const part of query.split('&').filter(Boolean)) {
    const [written = '', ...value] = part.split('=');
    const name = parameterByName.get(flat(written));
    if (name === undefined) throw invalid(`The address of KurrentDB at ${hosts} has a parameter ${JSON.stringify(written.slice(0, 40))}. Known are ${parameterNames.join(', ')}`);
    parameters.set(name, decoded(value.join('='), hosts));
  }
  return parameters;
}

function decoded(text: string, hosts: string): string {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    throw invalid(`The address of KurrentDB at ${hosts} has a % that is not followed by two hexadecimal digits. Write % itself as %25`, error);
  }
}

function existing(caFile: string): string {
  const path = resolve(caFile);
  if (!existsSync(path)) throw invalid(`The certificate file ${path} for KurrentDB is not there`);
  return path;
}

function flat(name: string): string {
  return name.toLowerCase().replaceAll(/[_-]/g, '');
}

const invalid = (message: string, cause?: unknown) => new RefitError('CONFIG_INVALID', `${message}.`, { cause });
