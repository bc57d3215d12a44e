import { monitorEventLoopDelay } from 'node:perf_hooks';

/** How long this process kept its timers waiting, in milliseconds; up to `resolutionMs` of each figure is the time between two looks. */
export interface EventLoopDelay {
  readonly p50: number;
  readonly p99: number;
  readonly p999: number;
  readonly max: number;
}

export const resolutionMs = 10;

const histogram = monitorEventLoopDelay({ resolution: resolutionMs });

/** Begins to measure, or begins again; a process that starts is busy loading until it calls this. */
export function watchEventLoop(): void {
  histogram.reset();
  histogram.enable();
}

/** Since `watchEventLoop`; undefined when nothing has been measured. */
export function eventLoopDelay(): EventLoopDelay | undefined {
  if (histogram.count === 0) return undefined;
  const ms = (nanoseconds: number) => Math.round(nanoseconds / 1e4) / 100;
  const percentile = (p: number) => ms(histogram.percentile(p));
  return { p50: percentile(50), p99: percentile(99), p999: percentile(99.9), max: ms(histogram.max) };
}
