import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isRefitError, RefitError } from '@refit/contracts';
import fc from 'fast-check';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { loadConfig, readConfig, type ConfigReading } from './load-config.js';
import { originText, problemDetail } from './origin.js';
import { serviceNames } from './service-name.js';
import { settings, type Setting } from './setting.js';

const cwd = mkdtempSync(join(tmpdir(), 'refit-config-'));
afterAll(() => rmSync(cwd, { recursive: true, force: true }));
const file = join(cwd, 'refit.config.yaml');
beforeEach(() => rmSync(file, { force: true }));

const write = (text: string) => writeFileSync(file, text);
const read = (argv: readonly string[] = [], env: Record<string, string> = {}): ConfigReading => readConfig({ argv, env, cwd });
const one = ({ settings: all }: ConfigReading, path: string) => all.find(({ setting }) => setting.path === path)!;
const problems = (reading: ConfigReading) => reading.problems.map((problem) => {
  const { line, column, message } = problemDetail(problem);
  return line === undefined ? message : `${line}:${column} ${message}`;
});

describe('defaults', () => {
  it('are what refit up has without any configuration', () => {
    expect(loadConfig({ argv: [], env: {}, cwd })).toEqual({
      dataDirectory: join(cwd, '.refit'), host: '127.0.0.1', httpPort: 7400, grpcPort: 7410, allowedRoots: [cwd, join(cwd, '.refit')], operators: [],
      leaseTtlMs: 10_000, scanIntervalMs: 5000, slots: 1, workerThreads: 2, logLevel: 'info', store: { kind: 'sqlite' }, bus: { kind: 'embedded' },
    });
  });
  it('of ports belong to each service, so that all of them can be on one machine', () => {
    const ports = serviceNames.flatMap((service) => {
      const { httpPort, grpcPort } = loadConfig({ argv: ['--bus-kind', 'kafka', '--kafka-brokers', 'k:9092'], env: {}, cwd, service });
      return ['trigger', 'registry', 'validation'].includes(service) ? [httpPort, grpcPort] : [httpPort];
    });
    expect(new Set(ports).size).toBe(ports.length);
  });
  it('pass their own schema', () => {
    write(stringify(settings().filter(({ defaultValue }) => defaultValue !== undefined).reduce((all, { path, defaultValue }) => nest(all, path, defaultValue), {})));
    expect(problems(read())).toEqual([]);
  });
});

describe('every setting', () => {
  it.each(settings().map((setting): [string, Setting] => [setting.path, setting]))('%s can be given in the file, as a variable and as a flag', (path, setting) => {
    const value = setting.examples[0] ?? 's3cret';
    const text = Array.isArray(value) ? value.join(setting.names === 'folder' ? ':' : ',') : String(value as string | number | boolean);
    write(stringify(nest({}, path, value)));
    const inFile = one(read(), path);
    rmSync(file);
    const flags = (flag: string) => (Array.isArray(value) ? value : [value]).flatMap((item) => [`${flag}=${item}`]);
    const given = [...setting.variables.map((variable) => one(read([], { [variable]: text }), path)), ...setting.flags.map((flag) => one(read(flags(flag)), path))];
    expect(inFile).toMatchObject({ origin: { kind: 'file', line: expect.any(Number) }, valid: true });
    expect([inFile.value, ...given.map((one) => one.value)]).toEqual(Array(given.length + 1).fill(value));
    expect(given.map(({ origin }) => originText(origin))).toEqual([...setting.variables, ...setting.flags]);
  });
  it('says what it is, and gives an example unless it is a secret', () => {
    expect(settings().filter(({ description, examples, secret }) => description === '' || (examples.length === 0) !== secret)).toEqual([]);
  });
  it('has names of its own', () => {
    const names = settings().flatMap(({ variables, flags }) => [...variables, ...flags]);
    expect(new Set(names).size).toBe(names.length);
  });
  it('is a port of every service that there is', () => {
    expect([...new Set(settings().flatMap(({ path }) => /^services\.(\w+)\./.exec(path)?.[1] ?? []))]).toEqual([...serviceNames]);
  });
});

describe('precedence', () => {
  // Two values of each setting that differ from its default and from each other, per place.
  const choices: Readonly<Record<string, readonly [string, string, string]>> = {
    logLevel: ['debug', 'warn', 'error'], httpPort: ['1', '2', '3'], grpcPort: ['11', '12', '13'], 'leases.ttl': ['7s', '8s', '9s'], scanInterval: ['1s', '2s', '3s'],
    slots: ['2', '3', '4'], 'kafka.partitions': ['1', '2', '3'], 'kafka.client': ['platformatic', 'platformatic', 'platformatic'], host: ['::1', 'localhost', '127.0.0.1'],
  };
  const place = fc.record({ flag: fc.boolean(), environment: fc.boolean(), file: fc.boolean() });
  it('is flag, environment, file, default, for each setting by itself', () => {
    fc.assert(
      fc.property(fc.record(Object.fromEntries(Object.keys(choices).map((path) => [path, place]))), (given) => {
        const [argv, env]: [string[], Record<string, string>] = [[], {}];
        let written = {};
        for (const { path, variables, flags } of settings().filter((setting) => setting.path in given)) {
          const [byFlag, byVariable, inFile] = choices[path]!;
          if (given[path]!.flag) argv.push(flags[0], byFlag);
          if (given[path]!.environment) env[variables[0]] = byVariable;
          if (given[path]!.file) written = nest(written, path, /^\d+$/.test(inFile) ? Number(inFile) : inFile);
        }
        write(stringify(written));
        const reading = read(argv, env);
        for (const [path, [byFlag, byVariable, inFile]] of Object.entries(choices)) {
          const { flag, environment, file: there } = given[path]!;
          const { value, origin, setting } = one(reading, path);
          expect([String(value), origin.kind]).toEqual(flag ? [byFlag, 'flag'] : environment ? [byVariable, 'environment'] : there ? [inFile, 'file'] : [String(setting.defaultValue), 'default']);
        }
      }),
      { numRuns: 60 },
    );
  });
  it('lets a flag of this process win over the ports of its service, and those over the ports of all', () => {
    write('grpcPort: 1\nservices:\n  registry:\n    grpcPort: 2\n');
    const port = (argv: readonly string[], service?: 'registry' | 'trigger') => readConfig({ argv, env: {}, cwd, ...(service && { service }) }).config?.grpcPort;
    expect([port(['--grpc-port', '3'], 'registry'), port([], 'registry'), port([], 'trigger'), port([])]).toEqual([3, 2, 1, 1]);
  });
  it('of flags is the last one, whichever of its names it has: whoever wraps a command can be overruled', () => {
    expect(one(read(['--port', '1', '--http-port', '2', '--port', '3']), 'httpPort')).toMatchObject({ value: 3, origin: { flag: '--port' } });
  });
  it('of files is --config, REFIT_CONFIG, the working directory', () => {
    for (const [name, level] of [['a.yaml', 'debug'], ['b.yaml', 'warn'], ['refit.config.yaml', 'error']] as const) writeFileSync(join(cwd, name), `logLevel: ${level}\n`);
    const level = (argv: readonly string[], env: Record<string, string>) => read(argv, env).config?.logLevel;
    expect([level(['--config', 'a.yaml'], { REFIT_CONFIG: 'b.yaml' }), level([], { REFIT_CONFIG: 'b.yaml' }), level([], {})]).toEqual(['debug', 'warn', 'error']);
  });
});

describe('values', () => {
  it('of paths start where they are written', () => {
    writeFileSync(join(cwd, 'a.yaml'), 'dataDirectory: state\nallowedRoots: [../data, /mnt]\n');
    const config = loadConfig({ argv: ['--config', join(cwd, 'a.yaml')], env: {}, cwd: '/srv' });
    expect(config.dataDirectory).toBe(join(cwd, 'state'));
    expect(config.allowedRoots).toEqual(['/srv', join(cwd, 'state'), join(cwd, '../data'), '/mnt']);
    expect(loadConfig({ argv: ['--data-dir', 'state', '--allow-root', 'a:b,c', '--allow-root', '/d'], env: {}, cwd: '/srv' }).allowedRoots).toEqual(['/srv', '/srv/state', '/srv/a:b,c', '/d']);
  });
  it('of lists in variables may be JSON', () => {
    expect(read([], { REFIT_ALLOWED_ROOTS: '["/a:b"]' }).config?.allowedRoots).toContain('/a:b');
  });
  it('are handed to Kafka and KurrentDB whole', () => {
    writeFileSync(join(cwd, 'ca.pem'), '-----BEGIN CERTIFICATE-----\n');
    write(`bus: {kind: kafka}
kafka: {brokers: ['a:1', '[::1]:2'], client: platformatic, partitions: 3, replicationFactor: 2, prefix: p., tls: {enabled: true, caFile: ca.pem}, sasl: {mechanism: plain, username: u, password: p}}
store: {kind: kurrentdb, url: 'kurrentdb://h:2113', username: u, password: p, caFile: ca.pem}
operators: ['alice:${'AB'.repeat(32)}']
host: 0.0.0.0
`);
    expect(loadConfig({ argv: [], env: {}, cwd })).toMatchObject({
      bus: { kind: 'kafka', brokers: ['a:1', '[::1]:2'], client: 'platformatic', partitions: 3, replicationFactor: 2, prefix: 'p.', tls: { caFile: join(cwd, 'ca.pem') }, sasl: { mechanism: 'plain', username: 'u', password: 'p' } },
      store: { kind: 'kurrentdb', url: 'kurrentdb://h:2113', username: 'u', password: 'p', caFile: join(cwd, 'ca.pem') },
      operators: [{ name: 'alice', tokenSha256: 'ab'.repeat(32) }],
      host: '0.0.0.0',
    });
  });
  it('that are empty variables count as not set', () => {
    expect(read([], { REFIT_HTTP_PORT: '', REFIT_KAFKA_BROKERS: '' }).config?.httpPort).toBe(7400);
  });
});

describe('warnings', () => {
  it('name variables that nothing reads, but those that Kubernetes sets', () => {
    const env = { REFIT_KAFKA_BROKRS: 'k:1', REFIT_REGISTRY_SERVICE_HOST: '10.0.0.1', REFIT_PORT_7400_TCP_ADDR: '10.0.0.1', REFIT_PORT: 'tcp://10.0.0.1:7400', REFIT_SERVER: 'h:1' };
    const warned: string[] = [];
    loadConfig({ argv: [], env, cwd }, (message) => warned.push(message));
    expect(warned).toEqual(['REFIT_KAFKA_BROKRS: unknown variable; nothing reads it. Did you mean "REFIT_KAFKA_BROKERS"?']);
  });
  it('name a file that is called nearly right', () => {
    writeFileSync(join(cwd, 'refit.config.yml'), '');
    expect(problems(read())).toEqual(['1:1 nothing reads refit.config.yml: call it refit.config.yaml, or name it with --config']);
    rmSync(join(cwd, 'refit.config.yml'));
  });
  it('tell that the embedded bus reaches no other process', () => {
    const { problems: found, config } = readConfig({ argv: [], env: {}, cwd, service: 'training' });
    expect(found).toMatchObject([{ severity: 'warning', path: 'bus.kind' }]);
    expect(config).toBeDefined();
  });
});

it('an error lists every fault of every place at once', () => {
  write('kafka:\n  partitons: 3\nlogLevel: loud\n');
  const error = thrown(() => loadConfig({ argv: ['--slots', '0'], env: { REFIT_HTTP_PORT: 'http' }, cwd }));
  expect(error).toMatchObject({ code: 'CONFIG_INVALID', message: `the configuration (${file}) has 4 faults; \`refit config check\` shows every setting and where it comes from` });
  expect(error.details).toEqual([
    { message: '--slots: expected a whole number, 1 to 64; found 0.' },
    { message: 'REFIT_HTTP_PORT: expected a port, 0 to 65535; found "http".' },
    { file, line: 2, column: 3, message: 'kafka.partitons: unknown key. Did you mean "partitions"? Known here: brokers, client, partitions, replicationFactor, prefix, tls, sasl' },
    { file, line: 3, column: 11, message: 'logLevel: expected one of trace, debug, info, warn, error, fatal, silent; found "loud".' },
  ]);
});

function thrown(work: () => unknown): RefitError {
  try {
    work();
  } catch (error) {
    if (isRefitError(error)) return error;
    throw error;
  }
  return expect.fail('nothing was thrown');
}

/** The mapping with one more value, at a path of keys. */
function nest(all: object, path: string, value: unknown): object {
  const [key = '', ...rest] = path.split('.');
  const inner = (all as Record<string, object>)[key] ?? {};
  return { ...all, [key]: rest.length === 0 ? value : nest(inner, rest.join('.'), value) };
}
