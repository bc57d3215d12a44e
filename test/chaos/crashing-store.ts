import type { EventStore } from '@refit/event-store';

/** Kill the process after the nth append to a stream of this kind: in the gap before the append that should follow it. */
export interface CrashPoint {
  readonly streamPrefix: string;
  readonly nth: number;
}

/** A store whose process dies, as by `kill -9`, the moment an append has been made durable. */
export function crashingStore(store: EventStore, { streamPrefix, nth }: CrashPoint): EventStore {
  let appends = 0;
  return new Proxy(store, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name);
      if (name !== 'append') return typeof member === 'function' ? (member.bind(target) as unknown) : member;
      return async (...args: Parameters<EventStore['append']>) => {
        const appended = await target.append(...args);
        if (args[0].startsWith(streamPrefix) && ++appends === nth) process.kill(process.pid, 'SIGKILL');
        return appended;
      };
    },
  });
}
