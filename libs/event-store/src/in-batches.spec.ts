import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { inBatches } from './in-batches.js';

async function* numbers(upTo: number) {
  for (let i = 0; i < upTo; i++) yield i;
}

const collect = async <T>(source: AsyncIterable<T>) => {
  const items: T[] = [];
  for await (const item of source) items.push(item);
  return items;
};

describe('inBatches', () => {
  it('puts together what is there, in order, up to the most', async () => {
    expect(await collect(inBatches(numbers(7), 3))).toEqual([[0, 1, 2], [3, 4, 5], [6]]);
  });

  it('yields nothing for an empty source', async () => {
    expect(await collect(inBatches(numbers(0), 3))).toEqual([]);
  });

  it('does not wait for more when the source waits', async () => {
    async function* slow() {
      yield 'a';
      yield 'b';
      await pause(30);
      yield 'c';
    }
    expect(await collect(inBatches(slow(), 10))).toEqual([['a', 'b'], ['c']]);
  });

  it('hands on what came before an error, then the error', async () => {
    async function* failing() {
      yield 1;
      throw new Error('source is gone');
    }
    const batches = inBatches(failing(), 10);
    expect(await batches.next()).toEqual({ done: false, value: [1] });
    await pause(1);
    await expect(batches.next()).rejects.toThrow('source is gone');
  });

  it('ends the source when the reader leaves', async () => {
    let ended = false;
    async function* source() {
      try {
        yield* numbers(100);
      } finally {
        ended = true;
      }
    }
    for await (const batch of inBatches(source(), 5)) if (batch.includes(6)) break;
    await pause(1);
    expect(ended).toBe(true);
  });
});
