import type { Bus } from '@refit/bus';
import type { EventStore } from '@refit/event-store';

/** When things happened to events in one process, in milliseconds of a clock that all processes of the machine share. */
export interface Marks {
  /** Events of the runs' streams that were appended: when the append was called, and when it was durable. */
  readonly appended: { readonly event: string; readonly type: string; readonly called: number; readonly durable: number }[];
  /** When the relay gave them to the bus, and when the bus had taken them over. */
  readonly relayed: { readonly event: string; readonly seen: number; readonly taken: number }[];
  /** When a handler was called with them. */
  readonly heard: { readonly event: string; readonly at: number }[];
}

/** An event of a stream, as a key. */
export const eventKey = (stream: string, revision: number) => `${stream} ${revision}`;

/** Since the machine started: the same in every process, unlike `performance.now()`, and never set. */
export const machineNow = () => Number(process.hrtime.bigint()) / 1e6;

export const noMarks = (): Marks => ({ appended: [], relayed: [], heard: [] });

/** What stands before the store and the bus of a process, to take down times. */
export const marking = (marks: () => Marks) => ({
  store: (store: EventStore): EventStore => replacing(store, 'append', async (stream, events, expected) => {
    const called = machineNow();
    const appended = await store.append(stream, events, expected);
    const durable = machineNow();
    const first = appended.revision - events.length + 1;
    events.forEach(({ type }, i) => marks().appended.push({ event: eventKey(stream, first + i), type, called, durable }));
    return appended;
  }),
  bus: (bus: Bus): Bus => replacing(replacing(bus, 'publish', async (messages) => {
    const seen = machineNow();
    await bus.publish(messages);
    const taken = machineNow();
    for (const { stream, revision } of messages) marks().relayed.push({ event: eventKey(stream, revision), seen, taken });
  }), 'subscribe', (group, types, handler) => bus.subscribe(group, types, async (message) => {
    marks().heard.push({ event: eventKey(message.stream, message.revision), at: machineNow() });
    await handler(message);
  })),
});

/** The same object with another method; its other ones keep their `this`. */
function replacing<T extends object, K extends keyof T>(object: T, method: K, replacement: T[K]): T {
  return new Proxy(object, {
    get(target, name) {
      if (name === method) return replacement;
      const member: unknown = Reflect.get(target, name);
      return typeof member === 'function' ? (member.bind(target) as unknown) : member;
    },
  });
}
