import type { KafkaConfig } from '@refit/bus';
import type { BusConfig, LogLevel, RefitConfig, StoreConfig } from '../runtime.js';
import type { ConfigValues } from './config-values.js';

/** Settings that have passed every check, as the services read them. */
export function refitConfig(values: ConfigValues, cwd: string): RefitConfig {
  const dataDirectory = values.textOf('dataDirectory');
  return {
    dataDirectory,
    host: values.textOf('host'),
    httpPort: values.number('httpPort'),
    grpcPort: values.number('grpcPort'),
    allowedRoots: [...new Set([cwd, dataDirectory, ...values.texts('allowedRoots')])],
    leaseTtlMs: values.durationMs('leases.ttl'),
    scanIntervalMs: values.durationMs('scanInterval'),
    slots: values.number('slots'),
    workerThreads: values.number('workerThreads'),
    logLevel: values.textOf<LogLevel>('logLevel'),
    store: storeConfig(values),
    bus: busConfig(values),
    operators: values.texts('operators').map(operator),
  };
}

function storeConfig(values: ConfigValues): StoreConfig {
  if (values.text('store.kind') === 'sqlite') return { kind: 'sqlite' };
  const [username, password, caFile] = ['username', 'password', 'caFile'].map((name) => values.text(`store.${name}`));
  return { kind: 'kurrentdb', url: values.textOf('store.url'), ...(username !== undefined && { username }), ...(password !== undefined && { password }), ...(caFile !== undefined && { caFile }) };
}

function busConfig(values: ConfigValues): BusConfig {
  if (values.text('bus.kind') === 'embedded') return { kind: 'embedded' };
  const caFile = values.text('kafka.tls.caFile');
  const [username, password] = [values.text('kafka.sasl.username'), values.text('kafka.sasl.password')];
  const kafka: KafkaConfig = {
    brokers: values.texts('kafka.brokers'),
    client: values.textOf<KafkaConfig['client']>('kafka.client'),
    partitions: values.number('kafka.partitions'),
    replicationFactor: values.number('kafka.replicationFactor'),
    prefix: values.textOf('kafka.prefix'),
    ...(values.isOn('kafka.tls.enabled') && { tls: caFile === undefined ? {} : { caFile } }),
    ...(username !== undefined && password !== undefined && { sasl: { mechanism: values.textOf<NonNullable<KafkaConfig['sasl']>['mechanism']>('kafka.sasl.mechanism'), username, password } }),
  };
  return { kind: 'kafka', ...kafka };
}

/** `alice:9f86…` */
function operator(text: string): { name: string; tokenSha256: string } {
  const [name = '', tokenSha256 = ''] = text.split(':');
  return { name, tokenSha256: tokenSha256.toLowerCase() };
}
