import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { RUNTIME, type Runtime } from '@refit/service';
import { nextOccurrence, Occurrences, scheduleKey, type Scheduled } from '@refit/triggering';
import { Clock } from '../clock.js';
import { PipelineRegistry } from '../pipelines/pipeline-registry.js';
import { Triggers } from '../triggers/triggers.js';

/** Longest sleep: after one, the time is looked at again, so that a changed clock is noticed. */
const longestSleep = 60_000;
/** After trouble it is tried again soon. */
const afterTrouble = 5000;

/**
 * Looks at the schedules of each pipeline whenever one comes due, and at the start. What is due follows from the log and the
 * time alone, so it does not matter who looks, how late, and how often.
 */
@Injectable()
export class Schedules implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly #timers = new Map<string, NodeJS.Timeout>();
  readonly #underWay = new Map<string, Promise<void>>();
  /** By pipeline, as of a version of it. */
  readonly #known = new Map<string, { readonly version: number; readonly schedules: readonly Scheduled[] }>();
  #unsubscribe: () => void = () => {};
  #stopped = false;

  constructor(
    @Inject(RUNTIME) private readonly runtime: Pick<Runtime, 'logger'>,
    private readonly pipelines: PipelineRegistry,
    private readonly triggers: Triggers,
    private readonly clock: Clock,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.pipelines.ready();
    this.#unsubscribe = this.pipelines.onChange((pipeline) => this.#look(pipeline));
    for (const { name } of this.pipelines.all()) this.#look(name);
  }

  async onApplicationShutdown(): Promise<void> {
    this.#stopped = true;
    this.#unsubscribe();
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
    await Promise.all(this.#underWay.values());
  }

  /** Judges what is due, then sleeps until something will be. One look at a time; one that is asked for meanwhile follows. */
  #look(pipeline: string): void {
    if (this.#stopped) return;
    const look = (this.#underWay.get(pipeline) ?? Promise.resolve()).then(async () => {
      clearTimeout(this.#timers.get(pipeline));
      if (this.#stopped) return;
      const sleep = await this.#judgeDue(pipeline);
      if (sleep !== undefined && !this.#stopped) this.#timers.set(pipeline, setTimeout(() => this.#look(pipeline), sleep));
    });
    this.#underWay.set(pipeline, look);
    void look.finally(() => {
      if (this.#underWay.get(pipeline) === look) this.#underWay.delete(pipeline);
    });
  }

  /** @returns after how many milliseconds to look again; undefined when there is nothing to look at */
  async #judgeDue(pipeline: string): Promise<number | undefined> {
    const schedules = this.#schedulesOf(pipeline);
    if (schedules.length === 0) return undefined;
    // What comes due from here on is either judged now or waited for: a timer may fire a moment early, and judging takes time.
    const since = this.clock.now();
    try {
      const trigger = this.triggers.of(pipeline);
      await trigger.judgeSchedules(schedules);
      this.triggers.wakeWhenDue(trigger);
    } catch (error) {
      this.runtime.logger.error({ err: error, pipeline }, 'the schedules of a pipeline could not be looked at; it is tried again soon');
      return afterTrouble;
    }
    return Math.min(longestSleep, Math.max(0, (nextOccurrence(schedules, since) ?? Number.POSITIVE_INFINITY) - this.clock.now()));
  }

  #schedulesOf(pipeline: string): readonly Scheduled[] {
    const { specVersion: version } = this.pipelines.get(pipeline);
    const known = this.#known.get(pipeline);
    if (known?.version === version) return known.schedules;
    const schedules = this.#readSchedules(pipeline);
    this.#known.set(pipeline, { version, schedules });
    return schedules;
  }

  #readSchedules(pipeline: string): readonly Scheduled[] {
    const { spec, scheduledSince, appliedAt } = this.pipelines.get(pipeline);
    return (spec.triggers?.schedules ?? []).flatMap((schedule) => {
      try {
        return { schedule, occurrences: new Occurrences(schedule), since: scheduledSince.get(scheduleKey(schedule)) ?? appliedAt };
      } catch (error) {
        this.runtime.logger.error({ err: error, pipeline, schedule: schedule.cron }, 'this schedule cannot be read');
        return [];
      }
    });
  }
}
