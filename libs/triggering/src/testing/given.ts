import { create, type MessageInitShape } from '@bufbuild/protobuf';
import {
  BatchSchema, ConcurrencyPolicy, DecaySeverity, PipelineSpecSchema, ReasonKind, ReasonSchema, type Reason, type ReasonJudged, type RunStarted,
  type TriggerEvent, type Triggers, type TriggersSchema,
} from '@refit/contracts';
import { evolveTrigger, triggerDecider } from '../evolve-trigger.js';
import type { PipelineNow, TriggerState, TriggerView } from '../trigger-state.js';

/** A pipeline with every trigger on, changed as the test says. */
export const pipelineWith = (triggers: Exclude<MessageInitShape<typeof TriggersSchema>, Triggers> = {}, paused = false): PipelineNow => ({
  spec: create(PipelineSpecSchema, {
    name: 'flight-delays',
    dataset: 'flights',
    triggers: {
      schedules: [{ cron: '0 6 * * *', timeZone: 'Europe/Berlin' }],
      onData: { enabled: true, coalesce: true },
      onDecay: { enabled: true, minimumSeverity: DecaySeverity.MEDIUM },
      concurrency: ConcurrencyPolicy.QUEUE,
      ...triggers,
    },
  }),
  specVersion: 3,
  specHash: 'spec-3',
  paused,
});

export const arrival = (id: string, name = id, rows = 100_000): Reason =>
  create(ReasonSchema, {
    kind: ReasonKind.DATA_ARRIVAL, source: '/exports', id, summary: `${name} arrived`,
    batch: create(BatchSchema, { dataset: 'flights', name, uri: `/in/${name}.parquet`, rows }),
  });
export const manual = (id: string): Reason => create(ReasonSchema, { kind: ReasonKind.MANUAL, source: '/admin', id, actor: 'ada' });
export const schedule = (id: string): Reason => create(ReasonSchema, { kind: ReasonKind.SCHEDULE, source: '/schedule', id });
export const decay = (id: string, severity: DecaySeverity): Reason => create(ReasonSchema, { kind: ReasonKind.DECAY, source: '/monitor', id, severity });

/** Given these events, what does the decision answer? */
export const given = (...events: readonly (readonly TriggerEvent[])[]) => ({
  when: (decide: (state: TriggerView) => readonly TriggerEvent[]): readonly TriggerEvent[] => decide(fold(events.flat())),
});

export const fold = (events: readonly TriggerEvent[]): TriggerState => events.reduce<TriggerState>(evolveTrigger, triggerDecider.initialState);

export const judgedIn = (events: readonly TriggerEvent[]): ReasonJudged => only(events, 'refit.trigger.v1.ReasonJudged');
export const startedIn = (events: readonly TriggerEvent[]): RunStarted => only(events, 'refit.trigger.v1.RunStarted');

function only<T extends TriggerEvent['$typeName']>(events: readonly TriggerEvent[], type: T): Extract<TriggerEvent, { $typeName: T }> {
  const found = events.filter((e): e is Extract<TriggerEvent, { $typeName: T }> => e.$typeName === type);
  const [first] = found;
  if (!first || found.length > 1) throw new Error(`expected one ${type}, got ${found.length}`);
  return first;
}
