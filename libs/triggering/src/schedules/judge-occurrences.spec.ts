import { create } from '@bufbuild/protobuf';
import { CatchUpPolicy, ScheduleSchema, SkipCause, Verdict, type ReasonJudged, type TriggerEvent } from '@refit/contracts';
import { describe, expect, it } from 'vitest';
import { evolveTrigger } from '../evolve-trigger.js';
import { fold, pipelineWith } from '../testing/given.js';
import type { Scheduled } from './due-occurrences.js';
import { judgeOccurrences, nextOccurrence } from './judge-occurrences.js';
import { Occurrences } from './occurrences.js';

const at = (time: string) => Date.parse(time);
const scheduled = (cron: string, catchUp = CatchUpPolicy.UNSPECIFIED, since = '2001-02-05T00:00Z', timeZone = 'UTC'): Scheduled => {
  const schedule = create(ScheduleSchema, { cron, timeZone, catchUp });
  return { schedule, occurrences: new Occurrences(schedule), since: at(since) };
};

/** Everything that is decided when the schedules are looked at, after these events. */
function look(now: string, schedules: readonly Scheduled[], { before = [], paused = false }: { before?: readonly TriggerEvent[]; paused?: boolean } = {}): readonly TriggerEvent[] {
  const state = fold(before);
  const all: TriggerEvent[] = [];
  for (let i = 0; i < 300; i++) {
    const events = judgeOccurrences({ ...pipelineWith({}, paused), schedules, now: at(now), newRunId: `run-${before.length}-${i}` })(state);
    if (events.length === 0) return all;
    events.reduce(evolveTrigger, state);
    all.push(...events);
  }
  throw new Error('it does not come to an end');
}

const verdicts = (events: readonly TriggerEvent[]) => events.filter((e): e is ReasonJudged => e.$typeName === 'refit.trigger.v1.ReasonJudged');
const short = ({ reason, verdict, skipCause, why }: ReasonJudged) =>
  verdict === Verdict.SKIPPED ? `${SkipCause[skipCause]}: ${why}` : `${Verdict[verdict]} ${reason?.id}`;
const seen = (events: readonly TriggerEvent[]) => verdicts(events).map(short);

const daily = (catchUp: CatchUpPolicy) => [scheduled('0 6 * * *', catchUp)];
const span = '3 occurrences passed, from 2001-02-05T06:00:00.000Z to 2001-02-07T06:00:00.000Z.';

describe('occurrences that passed while nobody watched', () => {
  it.each([['latest', CatchUpPolicy.LATEST], ['unspecified, as in specs of before', CatchUpPolicy.UNSPECIFIED]])('%s: the newest starts, the others are recorded together', (_name, policy) => {
    expect(seen(look('2001-02-08T20:00Z', daily(policy)))).toEqual([
      `MISSED: ${span} Nobody watched then, and the schedule makes up for the latest only.`, 'STARTED cron:flight-delays:2001-02-08T06:00:00.000Z',
    ]);
  });

  it('none: all are recorded together', () => {
    expect(seen(look('2001-02-07T20:00Z', daily(CatchUpPolicy.NONE)))).toEqual([`MISSED: ${span} Nobody watched then, and the schedule makes up for none.`]);
  });

  it('none: one that is only just over still counts', () => {
    expect(seen(look('2001-02-08T06:04Z', daily(CatchUpPolicy.NONE)))).toEqual([
      `MISSED: ${span} Nobody watched then, and the schedule makes up for none.`, 'STARTED cron:flight-delays:2001-02-08T06:00:00.000Z',
    ]);
    expect(seen(look('2001-02-05T06:06Z', daily(CatchUpPolicy.NONE)))).toEqual(['MISSED: An occurrence passed, at 2001-02-05T06:00:00.000Z. Nobody watched then, and the schedule makes up for none.']);
  });

  it('all: each is a reason, in order', () => {
    expect(seen(look('2001-02-07T20:00Z', daily(CatchUpPolicy.ALL)))).toEqual([
      'STARTED cron:flight-delays:2001-02-05T06:00:00.000Z', 'QUEUED cron:flight-delays:2001-02-06T06:00:00.000Z', 'QUEUED cron:flight-delays:2001-02-07T06:00:00.000Z',
    ]);
  });

  it('all: a hundred at most, and what is beyond is said', () => {
    const looked = seen(look('2001-02-05T05:00Z', [scheduled('* * * * *', CatchUpPolicy.ALL)]));
    expect(looked[0]).toBe('MISSED: 200 occurrences passed, from 2001-02-05T00:01:00.000Z to 2001-02-05T03:20:00.000Z. Nobody watched then, and the schedule makes up for the newest 100.');
    expect(looked).toHaveLength(101);
    expect(looked.slice(1)).toEqual(Array.from({ length: 100 }, (_, i) => expect.stringContaining(`cron:flight-delays:${new Date(at('2001-02-05T03:21Z') + i * 60_000).toISOString()}`)));
  });

  it.each([[CatchUpPolicy.LATEST, 2], [CatchUpPolicy.ALL, 101], [CatchUpPolicy.NONE, 2]])('by the million are not counted through (%i)', (policy, records) => {
    const looked = seen(look('2004-02-05T00:00:10Z', [scheduled('* * * * *', policy)]));
    expect(looked).toHaveLength(records);
    expect(looked[0]).toMatch(/^MISSED: At least (1,000|901) occurrences passed, from 2001-02-05T00:01:00\.000Z to 2004-02-0[45]T/);
    expect(looked.at(-1)).toContain('cron:flight-delays:2004-02-05T00:00:00.000Z');
  });

  it('while the pipeline is paused are recorded, and not made up for afterwards', () => {
    const paused = look('2001-02-07T20:00Z', daily(CatchUpPolicy.ALL), { paused: true });
    expect(seen(paused)).toEqual([`PAUSED: ${span} The pipeline is paused.`]);
    expect(look('2001-02-07T21:00Z', daily(CatchUpPolicy.ALL), { before: paused })).toEqual([]);
    expect(seen(look('2001-02-08T06:00Z', daily(CatchUpPolicy.ALL), { before: paused, paused: true }))).toEqual(['PAUSED: The pipeline is paused.']);
  });
});

describe('an occurrence', () => {
  it('is judged once, however often and by however many clocks it is looked at', () => {
    const first = look('2001-02-05T06:00:00Z', daily(CatchUpPolicy.LATEST));
    expect(seen(first)).toEqual(['STARTED cron:flight-delays:2001-02-05T06:00:00.000Z']);
    for (const now of ['2001-02-05T06:00:00Z', '2001-02-05T05:59:58Z', '2001-02-06T05:59:59Z']) expect(look(now, daily(CatchUpPolicy.LATEST), { before: first })).toEqual([]);
  });

  it('before the pipeline had the schedule is none', () => {
    expect(look('2001-02-05T06:00Z', [scheduled('0 6 * * *', CatchUpPolicy.ALL, '2001-02-05T06:00Z')])).toEqual([]);
  });

  it('of several schedules at the same time is one, and dealt with for all of them', () => {
    const both = [scheduled('0 6 * * *'), scheduled('0 6 * * MON'), scheduled('0 7 * * *')];
    const first = look('2001-02-05T06:00Z', both);
    expect(seen(first)).toEqual(['STARTED cron:flight-delays:2001-02-05T06:00:00.000Z']);
    expect(verdicts(first)[0]?.reason?.schedules).toEqual(['0 6 * * * UTC', '0 6 * * MON UTC']);
    expect(look('2001-02-05T06:59Z', both, { before: first })).toEqual([]);
  });

  it('that another schedule shares does not hide what the other has missed', () => {
    const both = [scheduled('0 6 * * *', CatchUpPolicy.LATEST), scheduled('0 */6 * * *', CatchUpPolicy.ALL)];
    const ids = verdicts(look('2001-02-05T18:00Z', both)).map(({ reason }) => reason?.id.slice(-24));
    expect(ids).toEqual(['2001-02-05T06:00:00.000Z', '2001-02-05T12:00:00.000Z', '2001-02-05T18:00:00.000Z']);
  });

  it('recorded by a clock that was a year ahead does not hold up those that come', () => {
    const early = look('2002-02-05T12:00Z', daily(CatchUpPolicy.LATEST));
    expect(look('2001-02-06T05:59Z', daily(CatchUpPolicy.LATEST), { before: early })).toEqual([]);
    const next = [...early, ...look('2001-02-06T06:00:01Z', daily(CatchUpPolicy.LATEST), { before: early })];
    expect(seen(next.slice(early.length))).toEqual(['QUEUED cron:flight-delays:2001-02-06T06:00:00.000Z']);
    // That is the last word, and what is missed from then on is made up for again.
    expect(seen(look('2001-02-09T12:00:00Z', daily(CatchUpPolicy.ALL), { before: next }))).toHaveLength(3);
  });
});

describe('the next occurrence', () => {
  it('is that of the schedule that comes first', () => {
    expect(nextOccurrence([scheduled('0 6 * * *'), scheduled('30 5 * * *')], at('2001-02-05T00:00Z'))).toBe(at('2001-02-05T05:30Z'));
    expect(nextOccurrence([], 0)).toBeUndefined();
  });
});
