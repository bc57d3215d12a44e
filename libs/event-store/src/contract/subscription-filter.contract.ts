import { expect, it } from 'vitest';
import { comparePositions, type EventStore, type Position, type SubscriptionMessage } from '../event-store.js';
import { Follower } from './follower.js';
import { appendMany, newEvent, newEvents, uniqueName } from './sample-events.js';

const reaches = (position: Position) => (message: SubscriptionMessage) =>
  (message.kind === 'checkpoint' || message.kind === 'caught-up') && comparePositions(message.position, position) >= 0;

export function subscriptionFilterContract(open: () => EventStore): void {
  it('filters alike what is in the log and what comes', async () => {
    const store = open();
    const prefix = uniqueName();
    const append = async () => {
      for (const stream of ['run-1', 'run-2', 'model-1']) await store.append(`${prefix}${stream}`, [newEvent('Started'), newEvent('Ended'), newEvent('Other')], 'any');
    };
    await append();
    const byStream = new Follower(store, { filter: { streamPrefixes: [`${prefix}run-2`, `${prefix}model-`] } });
    const byBoth = new Follower(store, { filter: { streamPrefixes: [`${prefix}run-`], types: ['Ended', 'Other'] } });
    const nothing = new Follower(store, { filter: { streamPrefixes: [] } });
    await Promise.all([byStream.caughtUp(), byBoth.caughtUp(), nothing.caughtUp()]);
    await append();
    await byStream.eventsUpTo(12);
    await byBoth.eventsUpTo(8);
    const names = (follower: Follower) => follower.events.map((event) => `${event.stream.slice(prefix.length)} ${event.type}`);
    const twice = <T>(items: T[]) => [...items, ...items];
    expect(names(byStream)).toEqual(twice(['run-2 Started', 'run-2 Ended', 'run-2 Other', 'model-1 Started', 'model-1 Ended', 'model-1 Other']));
    expect(names(byBoth)).toEqual(twice(['run-1 Ended', 'run-1 Other', 'run-2 Ended', 'run-2 Other']));
    expect(nothing.events).toEqual([]);
    await Promise.all([byStream.stop(), byBoth.stop(), nothing.stop()]);
  });

  it('filters by type over all streams', async () => {
    const store = open();
    const type = uniqueName('Type');
    await store.append(uniqueName(), [newEvent(type), newEvent('Other')], 'any');
    const follower = new Follower(store, { filter: { types: [type, uniqueName('Unused')] } });
    await follower.caughtUp();
    await store.append(uniqueName(), [newEvent('Other'), newEvent(type)], 'any');
    expect((await follower.eventsUpTo(2)).map((event) => event.type)).toEqual([type, type]);
    await follower.stop();
  });

  it('advances over what it leaves out of the log', async () => {
    const [store, stream] = [open(), uniqueName()];
    await appendMany(store, [stream], 6000, { group: 500 });
    const last = await store.append(stream, newEvents(1), 'any');
    const follower = new Follower(store, { filter: { streamPrefixes: [uniqueName('nobody')] } });
    await follower.waitFor(reaches(last.position));
    await follower.stop();
    expect(follower.events).toEqual([]);
  });

  it('advances over what it leaves out of what comes, to a place to resume from', async () => {
    const store = open();
    const [wanted, unwanted] = [uniqueName('wanted'), uniqueName('unwanted')];
    const filter = { streamPrefixes: [wanted] };
    const follower = new Follower(store, { after: 'end', filter });
    await follower.caughtUp();
    for (let round = 0; round < 3; round += 1) {
      await store.append(wanted, newEvents(1), 'any');
      const last = await store.append(unwanted, newEvents(40), 'any');
      await follower.waitFor(reaches(last.position));
      expect(follower.events).toHaveLength(round + 1);
    }
    const place = follower.messages.at(-1);
    await follower.stop();
    await store.append(wanted, newEvents(1), 2);
    const resumed = new Follower(store, { filter, ...(place?.kind === 'checkpoint' && { after: place.position }) });
    await resumed.caughtUp();
    await resumed.stop();
    expect(resumed.events.map((event) => event.revision)).toEqual([3]);
  });

  it('never goes back: positions of messages rise', async () => {
    const store = open();
    const [wanted, unwanted] = [uniqueName('wanted'), uniqueName('unwanted')];
    await appendMany(store, [wanted, unwanted], 2000, { group: 10 });
    const follower = new Follower(store, { filter: { streamPrefixes: [wanted] } });
    await appendMany(store, [wanted, unwanted], 2000, { group: 10 });
    await follower.eventsUpTo(2000);
    await follower.stop();
    const positions = follower.messages.map((message) => (message.kind === 'event' ? message.event.position : message.position));
    expect(positions).toEqual(positions.toSorted(comparePositions));
  });
}
