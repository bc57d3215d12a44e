import {
  isRefitError, runStream, triggerStream, type Reason, type ReasonJudged, type RunStarted, type TriggerEvent,
} from '@refit/contracts';
import type { EventStore } from '@refit/event-store';
import { decideGiveUp, decideRetry, runDecider } from '@refit/run';
import { handle, load, toNewEvents, type Loaded } from '@refit/saga';
import {
  closeRun, judgeOccurrences, judgeReasons, nextDueAt, reasonKey, reopenRun, runRequestedFrom, startDue, triggerDecider, type PipelineNow, type Scheduled, type TriggerState, type TriggerView,
} from '@refit/triggering';
import type { Clock } from '../clock.js';
import { Gathering } from '../gathering.js';
import { InTurn } from '../in-turn.js';
import { findStart } from './find-start.js';
import { hasEnded, outcomeOf, readRunJournal, tookBatches } from './run-journal.js';
import { forOneAppend } from './one-append.js';
import { newRunId } from './run-ids.js';

/**
 * The trigger of one pipeline: its stream's fold, kept in memory and brought up to date by what it appends. Everything is
 * done in turn. A start writes two streams, first trigger-, then run-; `settle` finishes one that was interrupted.
 */
export class PipelineTrigger {
  readonly #inTurn = new InTurn();
  readonly #judging = new Gathering<Reason, ReasonJudged>(this.#inTurn, (reasons) => this.#judgeAll(reasons));
  #loaded: Loaded<TriggerState> | undefined;

  constructor(
    readonly pipeline: string,
    private readonly store: EventStore,
    private readonly clock: Clock,
    private readonly now: () => PipelineNow,
  ) {}

  /** Runs that hold the pipeline's place, as far as is known here. */
  get openRuns(): readonly string[] {
    return [...(this.#loaded?.state.open.keys() ?? [])];
  }

  /** When something queued will be due, in milliseconds since 1970. */
  get nextDueAt(): number | undefined {
    return this.#loaded && nextDueAt(this.#loaded.state, this.now());
  }

  hasJudged(reason: Pick<Reason, 'source' | 'id'>): Promise<boolean> {
    return this.#inTurn.run(async () => (await this.#state()).handled.has(reasonKey(reason)));
  }

  /**
   * Exactly one verdict, recorded, unless the very message that told the reason came again; with STARTED the run is
   * requested when this returns. What is asked for at the same time is judged in this order, and appended together.
   */
  judge(reason: Reason): Promise<ReasonJudged> {
    return this.#judging.do(reason);
  }

  /** Finishes interrupted starts, closes runs that ended, starts what is due. Doing it again changes nothing. */
  settle(): Promise<void> {
    return this.#inTurn.run(async () => {
      await this.#refresh();
      await this.#settle();
    });
  }

  /** Verdicts on every occurrence of these schedules that has come due, however long ago. Doing it again changes nothing. */
  judgeSchedules(schedules: readonly Scheduled[]): Promise<void> {
    return this.#inTurn.run(async () => {
      await this.#refresh();
      for (;;) {
        const events = await this.#decideSettled((state) => judgeOccurrences({ ...this.#input(), schedules })(state));
        if (events.length === 0) return;
        await this.#carryOut(events);
      }
    });
  }

  /** Everything that is known of its reasons and runs, also what other processes have added. Not to be changed. */
  view(): Promise<TriggerView> {
    return this.#inTurn.run(async () => {
      await this.#refresh();
      return this.#state();
    });
  }

  /** Decides on the newest state, carries out what follows from it, and answers how things stand then. */
  change(decide: (state: TriggerView) => readonly TriggerEvent[], actor: string): Promise<TriggerView> {
    return this.#inTurn.run(async () => {
      await this.#refresh();
      await this.#decide(decide, actor);
      await this.#settle();
      return this.#state();
    });
  }

  /**
   * Revives a failed run: first its place here, then the run.
   *
   * @throws RefitError RUN_NOT_FOUND, RUN_NOT_FAILED, RUN_NOT_RETRYABLE
   */
  retry(runId: string, actor: string, reason: string): Promise<void> {
    return this.#inTurn.run(async () => {
      await this.#refresh();
      if (this.openRuns.includes(runId)) await this.#settleRun(runId);
      decideRetry((await readRunJournal(this.store, runId)).run, { actor, reason });
      await this.#decide(reopenRun({ runId, actor }), actor);
      await this.#retryRun(runId, actor, reason);
    });
  }

  async #judgeAll(reasons: readonly Reason[]): Promise<readonly ReasonJudged[]> {
    const verdicts: ReasonJudged[] = [];
    while (verdicts.length < reasons.length) verdicts.push(...(await this.#judgeNext(forOneAppend(reasons.slice(verdicts.length)))));
    return verdicts;
  }

  /** Judges these, or the first of them: those behind a start wait until its run is requested. */
  async #judgeNext(reasons: readonly Reason[]): Promise<readonly ReasonJudged[]> {
    let verdicts: readonly ReasonJudged[] = [];
    const events = await this.#decideSettled((state) => {
      const input = this.#input();
      const judged = judgeReasons(reasons.map((reason) => ({ ...input, reason })))(state);
      verdicts = judged.verdicts;
      return judged.events;
    }, reasons[0]?.actor);
    await this.#carryOut(events);
    return verdicts;
  }

  /** @returns the open runs that were looked at, also those that turned out to have been started by other processes */
  async #settle(): Promise<ReadonlySet<string>> {
    await this.#state();
    const looked = new Set<string>();
    for (let runId = this.openRuns[0]; runId !== undefined; runId = this.openRuns.find((open) => !looked.has(open))) {
      looked.add(runId);
      await this.#settleRun(runId);
    }
    await this.#carryOut(await this.#decide(startDue(this.#input())));
    return looked;
  }

  /**
   * Decides on a state whose open runs are open: one that ended unnoticed would count as open otherwise, and so would one
   * that another process has started since this one looked.
   */
  async #decideSettled(decide: (state: TriggerView) => readonly TriggerEvent[], actor?: string): Promise<readonly TriggerEvent[]> {
    for (;;) {
      const looked = await this.#settle();
      let isSettled = true;
      const events = await this.#decide((state) => {
        isSettled = [...state.open.keys()].every((runId) => looked.has(runId));
        return isSettled ? decide(state) : [];
      }, actor);
      if (isSettled) return events;
    }
  }

  async #settleRun(runId: string): Promise<void> {
    const { run, retries } = await readRunJournal(this.store, runId);
    if (run.status === 'none') return this.#request(await findStart(this.store, this.pipeline, runId));
    if (!hasEnded(run)) return (await this.#giveUp(runId)) ? this.#settleRun(runId) : undefined;
    // Reopened more often than retried: the retry was interrupted between the two streams.
    if ((this.#loaded?.state.reopenings.get(runId) ?? 0) > retries && run.status === 'failed') return this.#retryRun(runId, 'refit', 'an interrupted retry goes on');
    await this.#decide(closeRun({ runId, outcome: outcomeOf(run), batchesTaken: tookBatches(run), now: this.clock.now() }));
  }

  /** Another process may have seen the reopening and retried it already. */
  async #retryRun(runId: string, actor: string, reason: string): Promise<void> {
    await handle(this.store, runStream(runId), runDecider, (run) => (run.status === 'failed' ? decideRetry(run, { actor, reason }) : []), { correlationId: runId, actor });
  }

  /** Cancels a run that is to make place. @returns whether it did */
  async #giveUp(runId: string): Promise<boolean> {
    const stop = this.#loaded?.state.stopping.get(runId);
    if (!stop) return false;
    const { events } = await handle(this.store, runStream(runId), runDecider, (run) => decideGiveUp(run, stop), { correlationId: runId, actor: stop.actor });
    return events.length > 0;
  }

  /** What follows from what was decided, in the streams of the runs. */
  async #carryOut(events: readonly TriggerEvent[]): Promise<void> {
    for (const e of events) if (e.$typeName === 'refit.trigger.v1.RunStarted') await this.#request(e);
    if (events.some((e) => e.$typeName === 'refit.trigger.v1.RunReplaced')) await this.#settle();
  }

  async #request(started: RunStarted): Promise<void> {
    const { runId, reason } = started;
    const requested = toNewEvents([runRequestedFrom(started, this.pipeline)], {
      correlationId: runId,
      ...(this.#loaded && { causationId: this.#loaded.lastEventId }),
      ...(reason?.actor && { actor: reason.actor }),
    });
    try {
      await this.store.append(runStream(runId), requested, 'no-stream');
    } catch (error) {
      if (!isRefitError(error, 'REVISION_CONFLICT')) throw error; // a conflict: it was requested before
    }
  }

  /** What other processes have added. */
  async #refresh(): Promise<void> {
    const known = this.#loaded;
    this.#loaded = undefined; // half made when the reading fails: it is made anew
    this.#loaded = await load(this.store, triggerStream(this.pipeline), triggerDecider, known);
  }

  async #state(): Promise<TriggerView> {
    this.#loaded ??= await load(this.store, triggerStream(this.pipeline), triggerDecider);
    return this.#loaded.state;
  }

  async #decide(decide: (state: TriggerView) => readonly TriggerEvent[], actor?: string): Promise<readonly TriggerEvent[]> {
    await this.#state();
    try {
      const handled = await handle(this.store, triggerStream(this.pipeline), triggerDecider, decide, actor ? { actor } : {}, this.#loaded);
      this.#loaded = handled;
      return handled.events;
    } catch (error) {
      this.#loaded = undefined; // the fold may be half made: it is made anew
      throw error;
    }
  }

  #input() {
    const now = this.clock.now();
    return { ...this.now(), now, newRunId: newRunId(now) };
  }
}
