import { create } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { ReasonKind, ReasonSchema, type Reason, type Schedule } from '@refit/contracts';
import { RUNTIME, type Runtime } from '@refit/service';
import { Clock } from '../clock.js';
import { Intake } from '../intake/intake.js';
import { PipelineRegistry } from '../pipelines/pipeline-registry.js';
import { occurrencesOf } from './occurrences.js';

/** An occurrence that fell into a restart is made up for, when it is not older than this. */
const grace = 15 * 60_000;
/** Longest sleep: after one, the time is looked at again, so that a changed clock is noticed. */
const longestSleep = 60_000;

/** Gives each pipeline its scheduled reasons. An occurrence has one id wherever and however often it is noticed. */
@Injectable()
export class Schedules implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly #timers = new Map<string, NodeJS.Timeout>();
  readonly #underWay = new Set<Promise<void>>();
  #unsubscribe: () => void = () => {};

  constructor(
    @Inject(RUNTIME) private readonly runtime: Pick<Runtime, 'logger'>,
    private readonly pipelines: PipelineRegistry,
    private readonly intake: Intake,
    private readonly clock: Clock,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.pipelines.ready();
    this.#unsubscribe = this.pipelines.onChange((pipeline) => this.#plan(pipeline, this.clock.now()));
    for (const { name, appliedAt } of this.pipelines.all()) this.#plan(name, Math.max(appliedAt, this.clock.now() - grace));
  }

  async onApplicationShutdown(): Promise<void> {
    this.#unsubscribe();
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
    await Promise.all(this.#underWay);
  }

  /** Waits for the pipeline's next occurrence after a time. */
  #plan(pipeline: string, after: number): void {
    clearTimeout(this.#timers.get(pipeline));
    this.#timers.delete(pipeline);
    const { spec } = this.pipelines.get(pipeline);
    const upcoming = (spec.triggers?.schedules ?? []).flatMap((schedule) => this.#next(pipeline, schedule, after) ?? []);
    const first = upcoming.toSorted((a, b) => a.at - b.at)[0];
    if (!first) return;
    this.#sleepUntil(pipeline, first);
  }

  #sleepUntil(pipeline: string, { schedule, at }: Upcoming): void {
    const now = this.clock.now();
    if (now < at) {
      this.#timers.set(pipeline, setTimeout(() => this.#sleepUntil(pipeline, { schedule, at }), Math.min(at - now, longestSleep)));
      return;
    }
    // After a long sleep of the machine only the latest occurrence counts.
    const latest = Math.max(at, occurrencesOf(schedule).last(now) ?? at);
    if (now - latest <= grace) this.#occur(pipeline, schedule, latest);
    this.#plan(pipeline, latest);
  }

  #occur(pipeline: string, schedule: Schedule, at: number): void {
    const occurrence = this.intake
      .judgeOnce(pipeline, scheduledReason(pipeline, schedule, at))
      .then(() => {}, (error: unknown) => this.runtime.logger.error({ err: error, pipeline, at: new Date(at) }, 'a scheduled reason could not be judged'))
      .finally(() => this.#underWay.delete(occurrence));
    this.#underWay.add(occurrence);
  }

  #next(pipeline: string, schedule: Schedule, after: number): Upcoming | undefined {
    try {
      const at = occurrencesOf(schedule).next(after);
      return at === undefined ? undefined : { schedule, at };
    } catch (error) {
      this.runtime.logger.error({ err: error, pipeline, schedule: schedule.cron }, 'this schedule cannot be read');
      return undefined;
    }
  }
}

interface Upcoming {
  readonly schedule: Schedule;
  readonly at: number;
}

const scheduledReason = (pipeline: string, { cron, timeZone }: Schedule, at: number): Reason =>
  create(ReasonSchema, {
    kind: ReasonKind.SCHEDULE,
    source: '/refit/schedules',
    id: `cron:${pipeline}:${new Date(at).toISOString()}`,
    summary: `schedule ${cron} (${timeZone || 'UTC'})`,
    occurredAt: timestampFromMs(at),
  });
