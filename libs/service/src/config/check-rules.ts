import { readFileSync } from 'node:fs';
import { checkKafka } from './check-kafka.js';
import { checkPorts } from './check-ports.js';
import { checkStore } from './check-store.js';
import { wrong, type ConfigRule } from './config-rule.js';
import { textMs, type ConfigValues } from './config-values.js';
import type { ConfigProblem } from './origin.js';
import type { ServiceName } from './service-name.js';
import { settings } from './setting.js';

/** What is wrong with the settings together. */
export const checkRules = (values: ConfigValues, service: ServiceName | undefined): readonly ConfigProblem[] =>
  rules().filter(({ reads }) => reads.every((path) => values.isValid(path))).flatMap(({ check }) => check(values, service));

const rules = (): readonly ConfigRule[] => [...durations(), ...certificates(), hostRule, ...checkPorts, alone, ...checkStore, ...checkKafka];

const durations = () =>
  settings().flatMap(({ path, range }): readonly ConfigRule[] => {
    if (range === undefined) return [];
    const inRange = (ms: number) => ms >= textMs(range.from) && ms <= textMs(range.to);
    return [{ reads: [path], check: (values) => (inRange(values.durationMs(path)) ? [] : [wrong(values, path, `expected from ${range.from} to ${range.to}; found ${values.text(path)}`)]) }];
  });

const certificates = () => ['store.caFile', 'kafka.tls.caFile'].map((path): ConfigRule => ({ reads: [path], check: (values) => certificateProblem(values, path) }));

function certificateProblem(values: ConfigValues, path: string): readonly ConfigProblem[] {
  const file = values.text(path);
  if (file === undefined) return [];
  try {
    return readFileSync(file, 'utf8').includes('-----BEGIN CERTIFICATE-----') ? [] : [wrong(values, path, `expected certificates in PEM form; ${file} has none`)];
  } catch (cause) {
    return [wrong(values, path, `cannot read ${file} (${(cause as NodeJS.ErrnoException).code}): check its path and its permissions`)]; // fs throws nothing else
  }
}

/** Addresses by which only this machine reaches itself. */
export const isLoopback = (host: string): boolean => ['127.0.0.1', '::1', 'localhost'].includes(host);

const hostRule: ConfigRule = {
  reads: ['host', 'operators'],
  check: (values) => {
    const host = values.textOf('host');
    if (isLoopback(host) || values.texts('operators').length > 0) return [];
    return [{ ...wrong(values, 'host', `Refit listens on this machine only (127.0.0.1, ::1, localhost) while it asks nobody who they are; ${host} is refused: name at least one of the \`operators\`, or another host`), code: 'ADDRESS_NOT_ALLOWED' }];
  },
};

const alone: ConfigRule = {
  reads: ['bus.kind'],
  check: (values, service) => {
    if (service === undefined || values.text('bus.kind') === 'kafka') return [];
    return [{ ...wrong(values, 'bus.kind', `the embedded bus ends at this process: ${service} is told nothing by the others and finds its steps by scans alone; \`kafka\` is meant for services that are processes of their own`), severity: 'warning' }];
  },
};
