import { afterEach, beforeEach, describe } from 'vitest';
import { appendContract } from './append.contract.js';
import { limitContract } from './limit.contract.js';
import type { OpenedStore, OpenStore } from './opened-store.js';
import { readContract } from './read.contract.js';
import { recordContract } from './record.contract.js';
import { reopenContract } from './reopen.contract.js';
import { subscriptionContract } from './subscription.contract.js';
import { subscriptionFilterContract } from './subscription-filter.contract.js';

export type { OpenedStore, OpenStore } from './opened-store.js';

/**
 * What every event store must keep, as tests of vitest: the port's promises and nothing more. `open` is called for
 * each test. The log need not be empty: each test uses stream names of its own.
 */
export function eventStoreContract(name: string, open: OpenStore): void {
  describe(`event store contract: ${name}`, () => {
    let opened: OpenedStore;
    beforeEach(async () => {
      opened = await open();
    });
    afterEach(() => opened.destroy());

    describe.each(parts)('%s', (_, tests) => {
      tests(() => opened.store);
    });
    describe('reopen', () => {
      reopenContract(() => opened);
    });
  });
}

const parts = [
  ['append', appendContract],
  ['limits', limitContract],
  ['read', readContract],
  ['subscribe', subscriptionContract],
  ['subscribe with a filter', subscriptionFilterContract],
  ['records', recordContract],
] as const;
