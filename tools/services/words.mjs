import pc from 'picocolors';

export const say = (line) => void process.stdout.write(`${line}\n`);

/** Text of others without what a terminal would obey. */
export const shown = (text) => text.replaceAll(/\p{Cc}/gu, (control) => (control === '\n' || control === '\t' ? control : '·'));

const colours = [pc.cyan, pc.magenta, pc.yellow, pc.green, pc.blue, pc.red];
const given = new Map();

/** The name of a process before what it says, in the colour of its service. */
export function prefix(name) {
  const service = name.replace(/-\d+$/, '');
  if (!given.has(service)) given.set(service, colours[given.size % colours.length]);
  return given.get(service)(name.padEnd(14));
}

export function banner({ http, grpc, registry, validation, kafka, dataDirectory }, processes) {
  const row = (name, value) => say(`  ${pc.dim(name.padEnd(9))} ${value}`);
  say(`${pc.bold('Refit')} is up: ${processes} processes`);
  row('HTTP', `${http}/events  (CloudEvents in)`);
  row('admin', `${grpc}  (gRPC)`);
  row('registry', `${registry}  (gRPC)`);
  row('data gate', `${validation}  (gRPC)`);
  row('Kafka', `${kafka}  (refit.data-arrivals, refit.decay-signals)`);
  row('state', dataDirectory);
  say('');
}

export function nextCommands({ grpc, registry, validation }) {
  const row = (command, what) => say(`  ${pc.cyan(command.padEnd(40))} ${pc.dim(what)}`);
  say('\nRefit stays up. In a second terminal:');
  say(`  ${pc.cyan(`export REFIT_ADMIN=${grpc} REFIT_REGISTRY=${registry} REFIT_VALIDATION=${validation}`)}`);
  row('./refit runs', 'every run and how it ended');
  row('./refit models', 'the champion and the versions before it');
  row('./refit events --follow', 'the log itself');
  say(pc.dim('Ctrl+C stops it; nothing is lost. `kill -9` any of the processes, and see.'));
}

const levels = new Map([[40, pc.yellow('warning ')], [50, pc.red('error ')], [60, pc.red('fatal ')]]);

/** A line of a service's log for a person; undefined when a person need not see it. */
export function logLine({ level, msg, ready, err, code, alert }, verbose) {
  if (alert !== undefined && !verbose) return undefined; // the story tells it, once
  if (level < 40 && !verbose && ready === undefined && !['stopping', 'stopped'].includes(msg)) return undefined;
  const why = err?.message && !msg.includes(err.message) ? `: ${shown(err.message)}` : '';
  return `${levels.get(level) ?? ''}${shown(msg)}${code && level >= 40 ? pc.dim(` (${code})`) : ''}${why}`;
}
