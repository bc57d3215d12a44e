import { runningInstances } from '@refit/service';
import { readConfig } from '@refit/service/config';

/** Services that run as processes of their own on the data directory of this folder, as a sentence; empty when there are none. */
export function runningServices(): string {
  const { settings } = readConfig({ argv: [], env: process.env, cwd: process.cwd() });
  const directory = settings.find(({ setting }) => setting.path === 'dataDirectory')?.value;
  if (typeof directory !== 'string') return '';
  const services = runningInstances(directory).filter(({ name }) => /^(trigger|registry)(-\d+)?$/.test(name));
  if (services.length === 0) return '';
  const names = services.map(({ name, pid }) => `${name}: process ${pid}`).join(', ');
  return `Services run on ${directory} (${names}): the lines with which they started say their addresses, for --admin and --registry`;
}
