import { wrong, type ConfigRule } from './config-rule.js';
import { settings } from './setting.js';

/** A consumer that has died keeps its partitions for so long; the adapter asks Kafka for it. */
const sessionTimeoutMs = 6000;

const isPort = (port: number) => port >= 1 && port <= 65_535;

/** Kafka is named whole, or not at all. */
export const checkKafka: readonly ConfigRule[] = [
  {
    reads: ['bus.kind', 'kafka.brokers'],
    check: (values) => (values.text('bus.kind') === 'kafka' && values.texts('kafka.brokers').length === 0 ? [wrong(values, 'bus.kind', 'kafka needs `kafka.brokers`, such as 127.0.0.1:9092')] : []),
  },
  {
    reads: ['bus.kind'],
    check: (values) => {
      if (values.isGiven('bus.kind')) return []; // somebody chose, and what is left of another choice does no harm
      const given = settings().find(({ path }) => path.startsWith('kafka.') && values.isGiven(path) && values.isValid(path));
      return given === undefined ? [] : [wrong(values, given.path, 'is of Kafka, and the bus is the embedded one: set `bus.kind: kafka`, or remove it')];
    },
  },
  {
    reads: ['bus.kind', 'leases.ttl'],
    check: (values) => {
      if (values.text('bus.kind') !== 'kafka' || values.durationMs('leases.ttl') >= sessionTimeoutMs) return [];
      return [wrong(values, 'leases.ttl', `expected at least 6s, the session timeout on Kafka: before that a dead process still holds its partitions; found ${values.text('leases.ttl')}`)];
    },
  },
  {
    reads: ['kafka.brokers'],
    check: (values) => values.texts('kafka.brokers').filter((broker) => !isPort(Number(broker.slice(broker.lastIndexOf(':') + 1)))).map((broker) => wrong(values, 'kafka.brokers', `expected a port from 1 to 65535; found ${broker}`)),
  },
  {
    reads: ['kafka.tls.enabled', 'kafka.tls.caFile'],
    check: (values) => (values.text('kafka.tls.caFile') !== undefined && !values.isOn('kafka.tls.enabled') ? [wrong(values, 'kafka.tls.caFile', 'is not used while TLS is off: set `kafka.tls.enabled: true`, or remove it')] : []),
  },
  {
    reads: ['kafka.sasl.mechanism', 'kafka.sasl.username', 'kafka.sasl.password', 'kafka.sasl.passwordFile'],
    check: (values) => {
      const parts = ['mechanism', 'username', 'password'].map((name) => `kafka.sasl.${name}`);
      const missing = parts.filter((path) => values.text(path) === undefined);
      const [present] = parts.filter((path) => values.text(path) !== undefined);
      return present === undefined || missing.length === 0 ? [] : [wrong(values, present, `needs ${missing.map((path) => `\`${path}\``).join(' and ')} too`)];
    },
  },
];
