import { readFileSync } from 'node:fs';

/** Clock ticks per second in /proc, on every Linux that Node runs on. */
const ticks = 100;

/** Milliseconds of processor time that a process has used, in user and system mode (Linux). */
export function processorTime(pid: number): number {
  // What follows the name, which may have spaces: state first, utime and stime as the 12th and 13th (proc(5)).
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
  return ((Number(fields[11]) + Number(fields[12])) * 1000) / ticks;
}
