import { Cron } from 'croner';
import { durationMs } from './durations.js';
import type { PipelineFault } from './fault.js';
import { didYouMean, nearest } from '../yaml-file/nearest.js';
import { schedulesOf, type PipelineFile } from './pipeline-file.js';

/** Cron expressions that can be read and come true, in time zones that exist. */
export function checkSchedules(file: PipelineFile): readonly PipelineFault[] {
  return schedulesOf(file).flatMap(({ value: { cron, timeZone }, path }) => {
    const inMapping = typeof schedule(file, path) === 'object';
    const faults: PipelineFault[] = [];
    const wrongCron = cronFault(cron);
    if (wrongCron) faults.push({ path: inMapping ? [...path, 'cron'] : path, at: 'value', message: wrongCron });
    if (timeZone !== undefined && !isTimeZone(timeZone))
      faults.push({ path: [...path, 'timeZone'], at: 'value', message: `expected an IANA time zone, such as Europe/Berlin; found ${JSON.stringify(timeZone)}.${likelyZone(timeZone)}` });
    return faults;
  });
}

/** The schedule as it was written there. */
const schedule = (file: PipelineFile, path: PipelineFault['path']): unknown => path.reduce<unknown>((node, part) => (node as Record<string | number, unknown>)[part], file); // the path came from this file

function cronFault(cron: string): string | undefined {
  try {
    // From a fixed moment: whether a file is valid does not depend on when it is read.
    if (new Cron(cron, { paused: true, timezone: 'UTC' }).nextRun('2000-01-01T00:00:00') === null) return `the cron expression ${JSON.stringify(cron)} never comes true`;
    return undefined;
  } catch (error) {
    const reason = (error as Error).message.replace(/^CronPattern: /, ''); // croner throws nothing but errors
    return `expected a cron expression (minute hour day-of-month month day-of-week), such as "0 6 * * MON"; found ${JSON.stringify(cron)}: ${reason}`;
  }
}

function isTimeZone(name: string): boolean {
  if (!/^[A-Za-z]/.test(name)) return false; // offsets such as +02:00 know no daylight saving time
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

/** By the city alone where the area is right: by all its letters `Europe/Wien` would be Kiev. Otherwise the cities of the area. */
function likelyZone(name: string): string {
  const zones = Intl.supportedValuesOf('timeZone');
  const [area = '', city = ''] = name.split(/\/(.*)/s);
  const cities = zones.filter((zone) => zone.startsWith(`${area}/`)).map((zone) => zone.slice(area.length + 1));
  if (cities.length === 0) return didYouMean(name, zones);
  const meant = nearest(city, cities);
  return meant === undefined ? ` Known in ${area}: ${cities.join(', ')}` : ` Did you mean "${area}/${meant}"?`;
}

const week = 7 * 24 * 3600 * 1000;

/** Waits that somebody would still be around for. */
export function checkWaits(file: PipelineFile): readonly PipelineFault[] {
  const onData = file.triggers?.onData;
  const debounce = typeof onData === 'object' ? (onData.debounce ?? 0) : 0;
  if (durationMs(debounce) <= week) return [];
  return [{ path: ['triggers', 'onData', 'debounce'], at: 'value', message: `expected at most 7d; found ${JSON.stringify(debounce)}` }];
}
