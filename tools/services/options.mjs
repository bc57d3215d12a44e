import { loadConfig, readConfig } from '@refit/service/config';

export const usage = `npm run services -- [options] [settings]

Every service of Refit as a process of its own, on Apache Kafka and one SQLite event store.

  --instances <n>      processes of each service (default: 1)
  --example flights    play the flights example
  --verbose            every line of the services' logs, not only what a person needs
  --help

Settings are those of docs/configuration.md: --data-dir DIR, --kafka-brokers HOST:PORT, --leases-ttl 10s, …
Without brokers one is started here: with Docker, or else with Java 17 and Maven; its data lie in the data directory.`;

/** What was asked for, and the configuration that comes of it. @throws Error USAGE, RefitError CONFIG_INVALID */
export function readOptions(args) {
  const own = { instances: 1, example: undefined, verbose: false, help: false };
  const settings = [];
  for (let i = 0; i < args.length; i++) {
    const [name, inline] = args[i].split(/=(.*)/s);
    const value = () => inline ?? args[++i] ?? '';
    if (name === '--instances') own.instances = wholeNumber(value());
    else if (name === '--example') own.example = knownExample(value());
    else if (name === '--verbose') own.verbose = true;
    else if (name === '--help' || name === '-h') own.help = true;
    else settings.push(args[i]);
  }
  return { ...own, ...onKafka(settings) };
}

const ownFlags = ['--instances', '--example', '--verbose', '--help'];

/** The settings of services that are processes of their own, on Kafka: on brokers that are named, or else on one that is started here. */
function onKafka(given) {
  const sources = (argv) => ({ argv, commandFlags: ownFlags, env: process.env, cwd: process.cwd() });
  const settings = [...given, '--bus-kind=kafka'];
  const originOf = (path) => readConfig(sources(settings)).settings.find(({ setting }) => setting.path === path)?.origin.kind;
  for (const path of ['httpPort', 'grpcPort']) {
    if (originOf(path) !== 'default') throw usageError(`${path} would be the same for every service, and only one can have it: set services.trigger.${path} (--services-trigger-${path === 'httpPort' ? 'http' : 'grpc'}-port) and so on instead`);
  }
  const namesBrokers = originOf('kafka.brokers') !== 'default';
  const config = loadConfig(sources(namesBrokers ? settings : [...settings, `--kafka-brokers=${brokerOfOurOwn}`]));
  return { settings, config, namesBrokers };
}

/** Stands in the configuration until the broker is started, and has an address. */
const brokerOfOurOwn = '127.0.0.1:9092';

function wholeNumber(text) {
  if (/^[1-9]\d?$/.test(text)) return Number(text);
  throw usageError(`--instances: expected a number from 1 to 99; found ${JSON.stringify(text)}`);
}

function knownExample(text) {
  if (text === 'flights') return text;
  throw usageError(`--example: there is: flights; found ${JSON.stringify(text)}`);
}

const usageError = (message) => Object.assign(new Error(`${message}\n(npm run services -- --help says more)`), { code: 'USAGE' });
