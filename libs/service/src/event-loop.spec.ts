import { setTimeout } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { eventLoopDelay, watchEventLoop } from './event-loop.js';

describe('the event loop', () => {
  it('is not measured until somebody watches', () => {
    expect(eventLoopDelay()).toBeUndefined();
  });

  it('shows in its longest delay what held it', async () => {
    watchEventLoop();
    await setTimeout(50);
    const end = performance.now() + 60;
    while (performance.now() < end);
    await expect.poll(() => eventLoopDelay()?.max).toBeGreaterThanOrEqual(60);
  });
});
