import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { readConfig } from './load-config.js';
import { originText, problemDetail } from './origin.js';
import { settings } from './setting.js';
import { shownValue } from './shown-value.js';

const cwd = mkdtempSync(join(tmpdir(), 'refit-config-'));
afterAll(() => rmSync(cwd, { recursive: true, force: true }));
const file = join(cwd, 'a.yaml');
writeFileSync(join(cwd, 'ca.pem'), '-----BEGIN CERTIFICATE-----\n');

interface Bad {
  readonly yaml?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly argv?: readonly string[];
}

const read = ({ yaml = '', env = {}, argv = [] }: Bad) => {
  writeFileSync(file, yaml);
  return readConfig({ argv: ['--config', file, ...argv], env, cwd });
};

const found = (bad: Bad) => read(bad).problems.map((problem) => {
  const { line, column, message } = problemDetail(problem);
  return line === undefined ? message : `${line}:${column} ${message}`;
});

const kafka = 'bus: {kind: kafka}\nkafka:\n  brokers: [k:9092]\n';

describe('what is wrong is said, with its place and how to mend it', () => {
  it.each<[string, Bad, string]>([
    ['no YAML', { yaml: 'kafka: [1' }, '1:10 Flow sequence in block collection must be sufficiently indented and end with a ]'],
    ['a list for a mapping', { yaml: '- logLevel: debug' }, '1:1 expected a mapping of settings, the Refit configuration file; found a list of 1.'],
    ['two documents', { yaml: 'slots: 1\n---\nslots: 2\n' }, '2:1 a second document begins here (---); a configuration file holds one configuration'],
    ['a key twice', { yaml: 'slots: 1\nslots: 2\n' }, '2:1 the key "slots" stands twice in one mapping, first in line 1; keep one'],
    ['an unknown key', { yaml: 'datadir: x' }, '1:1 datadir: unknown key. Did you mean "dataDirectory"? Known here: dataDirectory, host'],
    ['a key of another place', { yaml: 'brokers: [k:1]' }, '1:1 brokers: unknown key.'],
    ['a word for a number', { yaml: 'httpPort: http' }, '1:11 httpPort: expected a port, 0 to 65535; found "http".'],
    ['a port that there is not', { argv: ['--port', '70000'] }, '--port: expected a port, 0 to 65535; found 70000.'],
    ['half a worker', { yaml: 'workerThreads: 0.5' }, '1:16 workerThreads: expected a whole number, 1 to 64; found 0.5.'],
    ['a duration without a unit', { yaml: 'leases: {ttl: 10}' }, '1:15 leases.ttl: expected a duration (ms, s, m, h, d, w), such as 500ms, 10s, 2m; found 10.'],
    ['a lease that nobody could renew in time', { env: { REFIT_LEASES_TTL: '100ms' } }, 'REFIT_LEASES_TTL: expected from 1s to 10m; found 100ms'],
    ['a lease shorter than the session on Kafka', { yaml: `${kafka}leases: {ttl: 3s}` }, '4:15 leases.ttl: expected at least 6s, the session timeout on Kafka'],
    ['another bus', { env: { REFIT_BUS_KIND: 'kakfa' } }, 'REFIT_BUS_KIND: expected one of embedded, kafka; found "kakfa". Did you mean "kafka"?'],
    ['Kafka without brokers', { argv: ['--bus-kind', 'kafka'] }, '--bus-kind: kafka needs `kafka.brokers`, such as 127.0.0.1:9092'],
    ['brokers without Kafka', { env: { REFIT_KAFKA_BROKERS: 'k:9092' } }, 'REFIT_KAFKA_BROKERS: is of Kafka, and the bus is the embedded one: set `bus.kind: kafka`, or remove it'],
    ['a broker without a port', { env: { REFIT_BUS_KIND: 'kafka', REFIT_KAFKA_BROKERS: 'a:1,b' } }, 'REFIT_KAFKA_BROKERS: item 2: expected the address of a broker, HOST:PORT, such as 127.0.0.1:9092; found "b".'],
    ['a broker as an address of the web', { argv: ['--kafka-brokers', 'http://k:1'] }, '--kafka-brokers: item 1: expected the address of a broker'],
    ['a broker twice', { yaml: 'kafka: {brokers: ["a:1", "a:1"]}' }, '1:26 kafka.brokers[1]: "a:1" stands twice in the list; keep one'],
    ['half of the credentials', { yaml: `${kafka}  sasl: {username: u}` }, '4:20 kafka.sasl.username: needs `kafka.sasl.mechanism` and `kafka.sasl.password` too'],
    ['certificates for no TLS', { yaml: `${kafka}  tls: {caFile: ca.pem}` }, 'kafka.tls.caFile: is not used while TLS is off'],
    ['certificates that are none', { yaml: `${kafka}  tls: {enabled: true, caFile: a.yaml}` }, 'kafka.tls.caFile: expected certificates in PEM form'],
    ['certificates that are not there', { yaml: `${kafka}  tls: {enabled: true, caFile: b.pem}` }, '(ENOENT): check its path'],
    ['KurrentDB without an address', { yaml: 'store: {kind: kurrentdb}' }, '1:15 store.kind: kurrentdb needs `store.url`'],
    ['an address without KurrentDB', { yaml: 'store: {url: "kurrentdb://h"}' }, '1:14 store.url: is of KurrentDB, and the store is a SQLite file'],
    ['an address of another store', { yaml: 'store: {kind: kurrentdb, url: "postgres://h"}' }, '1:31 store.url: expected a connection string of KurrentDB'],
    ['two user names', { yaml: 'store: {kind: kurrentdb, url: "kurrentdb://u:p@h", username: u, password: p}' }, 'the connection string has a username already'],
    ['a host that others can reach', { yaml: 'host: 0.0.0.0' }, '1:7 host: Refit listens on this machine only (127.0.0.1, ::1, localhost) while it asks nobody who they are; 0.0.0.0 is refused: name at least one of the `operators`'],
    ['an operator with a token instead of its hash', { yaml: 'operators: ["alice:hunter2"]' }, '1:13 operators[0]: expected NAME:SHA256'],
    ['one port for both', { argv: ['--port', '9', '--grpc-port', '9'] }, '--grpc-port: HTTP and gRPC cannot both have port 9'],
    ['one port for both of a service', { yaml: 'services: {registry: {httpPort: 7411}}' }, '1:33 services.registry.httpPort: HTTP and gRPC cannot both have port 7411'],
    ['a home folder', { env: { REFIT_DATA_DIR: '~/refit' } }, 'REFIT_DATA_DIR: "~" is not expanded here'],
    ['an unknown flag', { argv: ['--kafka-broker', 'k:1'] }, '--kafka-broker: unknown flag. Did you mean "--kafka-brokers"?'],
    ['a flag without a value', { argv: ['--log-level'] }, '--log-level: needs a value'],
    ['one setting by two variables', { env: { REFIT_DATA_DIR: 'a', REFIT_DATA_DIRECTORY: 'b' } }, 'REFIT_DATA_DIRECTORY: REFIT_DATA_DIR says something else of the same setting; keep one of them'],
    ['a word too much', { argv: ['please'] }, 'please: unexpected; settings are flags'],
  ])('%s', (_, bad, message) => {
    expect(found(bad)).toEqual([expect.stringContaining(message)]);
    expect(read(bad).config).toBeUndefined();
  });
  it('one port of two services, unless their machines are their own', () => {
    const twice = 'services: {training: {httpPort: 8080}, registry: {httpPort: 7400}, evaluation: {httpPort: 8080}, validation: {httpPort: 0}, ingestion: {httpPort: 0}}';
    expect(found({ yaml: twice })).toEqual([
      expect.stringContaining('services.registry.httpPort: services.trigger.httpPort is 7400 too: on one machine only one of the two can have it'),
      expect.stringContaining('services.evaluation.httpPort: services.training.httpPort is 8080 too'),
    ]);
    expect(read({ yaml: twice }).config).toBeDefined();
    expect(readConfig({ argv: ['--config', file, '--bus-kind=kafka', '--kafka-brokers=k:1'], env: {}, cwd, service: 'registry' }).problems).toEqual([]);
  });
  it('a file that is not there, or is a folder', () => {
    mkdirSync(join(cwd, 'folder'), { recursive: true });
    const says = (config: string) => readConfig({ argv: ['--config', config], env: {}, cwd }).problems.map((problem) => `${originText(problem.origin)} ${problem.message}`);
    expect(says('none.yaml')).toEqual([`--config cannot read the configuration file ${join(cwd, 'none.yaml')} (ENOENT): check its path and its permissions`]);
    expect(says('folder')).toEqual([expect.stringContaining('(EISDIR)')]);
  });
  it('never throws, whatever a file, a variable or the command line holds', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.constantFrom(...settings()), fc.string(), fc.array(fc.oneof(fc.string(), fc.constantFrom('--slots', '--', '--kafka-tls-enabled', '--config')), { maxLength: 4 }), (yaml, { variables }, text, argv) => {
        for (const { message } of read({ yaml, env: { [variables[0]]: text }, argv }).problems) expect(message).not.toBe('');
      }),
      { numRuns: 300 },
    );
  });
});

describe('secrets', () => {
  const secrets = join(cwd, 'secret');
  const withKafka = (lines: string) => `${kafka}  sasl:\n    mechanism: plain\n    username: u\n${lines}`;
  const password = (bad: Bad) => {
    const { config } = read(bad);
    return config?.bus.kind === 'kafka' ? config.bus.sasl?.password : undefined;
  };

  it('come from a file too, without the end of its line', () => {
    writeFileSync(secrets, 'in a file\n');
    expect(password({ yaml: withKafka(`    passwordFile: ${secrets}`) })).toBe('in a file');
    expect(password({ yaml: withKafka(''), env: { REFIT_KAFKA_SASL_PASSWORD_FILE: 'secret' } })).toBe('in a file');
    expect(password({ yaml: withKafka(''), argv: ['--kafka-sasl-password-file', 'secret'] })).toBe('in a file');
  });
  it('are taken from the stronger place, itself or file', () => {
    writeFileSync(secrets, 'in a file');
    expect(password({ yaml: withKafka(`    passwordFile: ${secrets}`), env: { REFIT_KAFKA_SASL_PASSWORD: 'variable' } })).toBe('variable');
    expect(password({ yaml: withKafka('    password: written'), env: { REFIT_KAFKA_SASL_PASSWORD_FILE: secrets } })).toBe('in a file');
  });
  it('are not guessed between two of one place, nor when their file is empty or away', () => {
    writeFileSync(secrets, '');
    expect(found({ yaml: withKafka(`    password: x\n    passwordFile: ${secrets}`) })).toEqual(['8:19 kafka.sasl.passwordFile: kafka.sasl.password is given as well; keep one of them']);
    expect(found({ yaml: withKafka(`    passwordFile: ${secrets}`) })).toEqual([expect.stringContaining('is empty; it holds the secret and nothing else')]);
    expect(found({ yaml: withKafka('    passwordFile: none') })).toEqual([expect.stringContaining('none (ENOENT)')]);
  });
  it('are in nothing that is shown, right or wrong', () => {
    const secret = 'hunter2-hunter2';
    const places: readonly Bad[] = [
      { yaml: withKafka(`    password: ${secret}`) },
      { yaml: withKafka(`    password: [${secret}]`) },
      { yaml: withKafka(`    pasword: ${secret}`) },
      { yaml: withKafka(''), env: { REFIT_KAFKA_SASL_PASSWORD: secret } },
      { yaml: withKafka(''), env: { REFIT_KAFKA_SASL_PASSWROD: secret } },
      { argv: ['--store-kind', 'kurrentdb', '--store-url', `kurrentdb://admin:${secret}@h`] },
      { argv: ['--store-url', `postgres://admin:${secret}@h`] },
      { argv: ['--store-kind', 'kurrentdb', '--store-url', 'kurrentdb://h', '--store-password', secret] },
      { argv: ['--store-kind', 'kurrentdb', '--store-url', `kurrentdb://h?password=${secret}`] },
      { argv: ['--kafka-sasl-pasword', secret] },
      { argv: [`--kafka-sasl-pasword=${secret}`] },
    ];
    for (const place of places) {
      const { settings: all, problems } = read(place);
      const shown = JSON.stringify([all.map(shownValue), problems.map(problemDetail), problems.map(({ origin }) => originText(origin))]);
      expect(shown).not.toContain(secret);
    }
  });
});
