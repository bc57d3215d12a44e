import type { HealthReport } from '@refit/service';
import type { Services } from './services.ts';

/** What a process says of itself at `GET /healthz`. */
export async function healthOf(services: Services, name: string): Promise<HealthReport> {
  const process = services.processes.get(name);
  if (!process) throw new Error(`no process ${name} runs`);
  const { http } = await process.ready();
  return (await (await fetch(`${http}/healthz`)).json()) as HealthReport; // its contract
}

export async function instanceIdOf(services: Services, name: string): Promise<string> {
  return (await healthOf(services, name)).instanceId ?? '';
}

export const healthOfAll = (services: Services): Promise<readonly HealthReport[]> =>
  Promise.all([...services.processes.keys()].map((name) => healthOf(services, name)));

/** What the processes that run have logged as a warning or worse, and said on standard error, since then (milliseconds since 1970). */
export const complaintsOf = (services: Services, since = 0): readonly string[] =>
  [...services.processes].flatMap(([name, { log, said }]) => [
    ...log.filter(({ level, time }) => level >= 40 && Date.parse(String(time)) >= since).map(({ time, msg }) => `${String(time)} ${name}: ${msg}`),
    ...said.map((line) => `${name}: ${line}`),
  ]).sort();
