import { expect, it } from 'vitest';
import { maxEventBytes } from '../event-rules.js';
import type { EventStore } from '../event-store.js';
import { collect, newEvent, newEvents, readPrefix, uniqueName } from './sample-events.js';

export function limitContract(open: () => EventStore): void {
  it.each([
    ['accents and signs', 'café-ñandú-雪-🛫-👩‍👩‍👧'],
    ['quotes', `it's "quoted" \`so\``],
    ['slashes', 'a/b\\c/../d'],
    ['percent, underscore and star', '100%_of%20*.?[x]'],
    ['spaces around', ' padded '],
    ['SQL', "'; DROP TABLE events; --"],
    ['the longest', 'x'.repeat(200 - 41)],
    ['dollar inside', 'a$b'],
    ['dashes only', '---'],
  ])('takes stream names with %s', async (_, odd) => {
    const store = open();
    const name = `${odd}${uniqueName('odd')}`.slice(0, 200);
    const lookalike = name.replaceAll(/[%_*?]/g, 'X').toUpperCase();
    await store.append(name, newEvents(1), 'no-stream');
    await store.append(lookalike, newEvents(1), 'any');
    expect((await collect(store.readStream(name))).map((event) => event.stream)).toEqual([name]);
    expect((await readPrefix(store, name)).map((event) => event.stream)).toEqual([name]);
    await store.putRecord(name, 1);
    expect(await store.getRecord(name)).toMatchObject({ name, value: 1 });
  });

  it.each([
    ['an empty name', ''],
    ['a dollar at the start', '$all'],
    ['201 characters', 'x'.repeat(201)],
    ['a line end', 'a\nb'],
    ['a zero', 'a\0b'],
    ['a delete', 'a\u007fb'],
    ['a line separator', 'a\u2028b'],
    ['half a surrogate pair', 'a\ud83d'],
  ])('refuses %s', async (_, name) => {
    const store = open();
    const refused = { code: 'STREAM_NAME_INVALID' };
    await expect(store.append(name, newEvents(1), 'any')).rejects.toMatchObject(refused);
    await expect(store.putRecord(name, 1)).rejects.toMatchObject(refused);
    await expect(store.getRecord(name)).rejects.toMatchObject(refused);
    await expect(async () => collect(store.readStream(name))).rejects.toMatchObject(refused);
  });

  it('takes an event of 64 KiB as UTF-8 JSON and refuses a byte more, with all of its call', async () => {
    const [store, stream] = [open(), uniqueName()];
    const sample = newEvent('Large', { text: '' });
    const room = maxEventBytes - Buffer.byteLength(JSON.stringify(sample));
    const text = '雪'.repeat(Math.floor(room / 3)) + 'x'.repeat(room % 3);
    await store.append(stream, [{ ...sample, data: { text } }], 'no-stream');
    const tooLarge = { ...newEvent('Large'), data: { text: `${text}x` } };
    await expect(store.append(stream, [newEvent(), tooLarge], 0)).rejects.toMatchObject({ code: 'EVENT_TOO_LARGE' });
    const events = await collect(store.readStream(stream));
    expect(events.map((event) => event.data)).toEqual([{ text }]);
  });

  it('refuses calls over 1 MiB together', async () => {
    const [store, stream] = [open(), uniqueName()];
    const events = Array.from({ length: 22 }, () => newEvent('Large', { text: 'x'.repeat(50_000) }));
    await expect(store.append(stream, events, 'any')).rejects.toMatchObject({ code: 'EVENT_TOO_LARGE' });
    expect(await collect(store.readStream(stream))).toEqual([]);
    await store.append(stream, events.slice(0, 20), 'any');
  });

  it('refuses a record value over 64 KiB', async () => {
    await expect(open().putRecord(uniqueName(), 'x'.repeat(maxEventBytes))).rejects.toMatchObject({ code: 'EVENT_TOO_LARGE' });
  });

  it('refuses calls without events, ids that are no UUIDs, one id twice, and types without a name', async () => {
    const [store, stream] = [open(), uniqueName()];
    const event = newEvent();
    for (const events of [[], [{ ...event, id: 'mine' }], [event, event], [newEvent('')], [newEvent('a\nb')]]) {
      await expect(store.append(stream, events, 'any')).rejects.toMatchObject({ code: 'REQUEST_INVALID' });
    }
  });
}
