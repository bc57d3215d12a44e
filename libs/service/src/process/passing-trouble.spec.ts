import { RefitError } from '@refit/contracts';
import { pino, type Logger } from 'pino';
import { beforeEach, describe, expect, it } from 'vitest';
import { sayNowAndThen } from './passing-trouble.js';

let now: number;
let lines: Record<string, unknown>[];
let logger: Logger;
beforeEach(() => {
  now = 0;
  lines = [];
  logger = pino({ hooks: { logMethod: sayNowAndThen(() => now) } }, { write: (line: string) => void lines.push(JSON.parse(line) as Record<string, unknown>) });
});

const full = () => new RefitError('DISK_FULL', 'the disk is full');

describe('a moment\'s trouble in the log', () => {
  it('is said once, and then every half minute with how often it went unsaid', () => {
    for (; now < 31_000; now += 100) logger.warn({ err: full() }, 'heartbeat not written');
    expect(lines.map(({ msg, unsaid }) => ({ msg, unsaid }))).toEqual([{ msg: 'heartbeat not written', unsaid: undefined }, { msg: 'heartbeat not written', unsaid: 299 }]);
  });

  it('is told apart by what was to be done, and by what stood in the way; services of a process share it', () => {
    logger.warn({ err: full() }, 'heartbeat not written');
    logger.child({ service: 'training' }).warn({ err: full() }, 'heartbeat not written');
    logger.warn({ err: full() }, 'the run could not be written; trying again');
    logger.warn({ err: new RefitError('STORE_UNAVAILABLE', 'locked') }, 'heartbeat not written');
    expect(lines).toHaveLength(3);
  });

  it('is also what SQLite says of a read model', () => {
    const failed = Object.assign(new Error('database or disk is full'), { errcode: 13 });
    logger.error({ err: failed }, 'a read model was interrupted');
    logger.error({ err: failed }, 'a read model was interrupted');
    expect(lines).toHaveLength(1);
  });
});

it('says everything else each time', () => {
  for (let i = 0; i < 3; i++) {
    logger.error({ err: new RefitError('EVENT_UNREADABLE', 'broken') }, 'an event could not be taken in');
    logger.error({ err: new Error('a fault') }, 'unexpected error');
    logger.info('ready');
  }
  expect(lines).toHaveLength(9);
});
