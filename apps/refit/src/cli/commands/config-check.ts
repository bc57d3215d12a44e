import { originText, problemDetail, readConfig, shownValue, type ConfigReading, type ConfigSources, type ServiceName } from '@refit/service/config';
import { exitCodes, type ExitCode } from '../exit-codes.js';
import type { Finding } from '../probes/finding.js';
import { renderConfigCheck } from '../render/config-check.js';
import type { Terminal } from '../terminal.js';

export interface ConfigCheckOptions {
  readonly config?: string;
  readonly service?: ServiceName;
  readonly connect?: boolean;
  readonly json?: boolean;
}

/** `refit config check`: every setting and where it comes from, all that is wrong at once, and (asked for) what is there. */
export async function checkConfiguration(terminal: Terminal, { config, service, connect = false, json = false }: ConfigCheckOptions, flags: readonly string[]): Promise<ExitCode> {
  const argv = config === undefined ? flags : ['--config', config, ...flags];
  const sources: ConfigSources = { argv, env: process.env, cwd: process.cwd(), ...(service !== undefined && { service }) };
  const reading = readConfig(sources);
  const found = connect && reading.config ? await (await import('../probes/probe.js')).probe(reading.config) : [];
  if (json) terminal.print(JSON.stringify(checkJson(reading, found)));
  else terminal.print(renderConfigCheck(reading, { style: terminal.style, service, found, notConnected: connect && !reading.config }));
  if (reading.problems.some((problem) => problem.usage)) return exitCodes.usage;
  return isInOrder(reading, found) ? exitCodes.done : exitCodes.error;
}

/** Warnings hinder nobody. */
const isInOrder = ({ config }: ConfigReading, found: readonly Finding[]) => config !== undefined && found.every(({ ok }) => ok);

const checkJson = (reading: ConfigReading, found: readonly Finding[]) => ({
  ok: isInOrder(reading, found),
  file: reading.file ?? null,
  settings: reading.settings.map((one) => ({ path: one.setting.path, value: shownValue(one) ?? null, valid: one.valid, from: originText(one.origin), origin: one.origin, variable: one.setting.variables[0], flag: one.setting.flags[0] })),
  problems: reading.problems.map((problem) => ({ severity: problem.severity, path: problem.path ?? null, from: originText(problem.origin), ...problemDetail(problem) })),
  found,
});
