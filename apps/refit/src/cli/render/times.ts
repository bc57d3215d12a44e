import { timestampMs, type Timestamp } from '@bufbuild/protobuf/wkt';

/** Milliseconds since 1970; undefined when the message has none. */
export const msOf = (time: Timestamp | undefined) => (time === undefined ? undefined : timestampMs(time));

const units: readonly (readonly [string, number])[] = [['d', 86_400_000], ['h', 3_600_000], ['min', 60_000], ['s', 1000]];

/** `12 s ago`, `3 h ago`, `in 5 s`; the date beyond 30 days. */
export function relative(time: number | undefined, now: number): string {
  if (time === undefined) return '';
  const distance = Math.abs(now - time);
  if (distance > 30 * 86_400_000) return new Date(time).toISOString().slice(0, 10);
  if (distance < 1000) return 'now';
  const [unit, ms] = units.find(([, size]) => distance >= size) ?? ['s', 1000];
  const amount = `${Math.floor(distance / ms)} ${unit}`;
  return time > now ? `in ${amount}` : `${amount} ago`;
}

/** `0.42 s`, `12.3 s`, `3 min 5 s`, `2 h 7 min`. */
export function duration(ms: number | undefined): string {
  if (ms === undefined || ms < 0) return '';
  if (ms < 10_000) return `${(ms / 1000).toFixed(2)} s`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  return hours > 0 ? `${hours} h ${minutes} min` : `${minutes} min ${seconds % 60} s`;
}

/** The local time of day, to the second. */
export const clock = (time: number) => new Date(time).toTimeString().slice(0, 8);

/** The local date and time. */
export function moment(time: number | undefined): string {
  if (time === undefined) return '';
  const date = new Date(time);
  const two = (n: number) => String(n).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${clock(time)}`;
}
