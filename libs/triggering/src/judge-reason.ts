import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import {
  ConcurrencyPolicy, DecaySeverity, event, ReasonJudgedSchema, ReasonKind, SkipCause, Verdict, type Reason, type ReasonJudged, type TriggerEvent,
} from '@refit/contracts';
import { replaceableRun, runReplaced } from './replace-run.js';
import { isAutomatic, isBackfill, isEnabled, kindName, reasonKey, severityName } from './reasons.js';
import { cooledDownAt, nextReady, runStarted } from './start-run.js';
import type { PipelineNow, TriggerView } from './trigger-state.js';

export interface ReasonToJudge extends PipelineNow {
  readonly reason: Reason;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Id of the run, should one start. */
  readonly newRunId: string;
}

/** Most reasons that wait for a run of their own. */
export const maximumQueued = 1000;
/** Most data arrivals that wait to share the run of another. */
export const maximumJoined = 10_000;

type Judgement = Pick<ReasonJudged, 'verdict' | 'why'> & Partial<Pick<ReasonJudged, 'skipCause' | 'runId' | 'dueAt'>> & {
  /** The open run that the reason takes the place of. */
  readonly replaces?: string;
};

/**
 * Every reason to run gets exactly one verdict, and a sentence that says why. STARTED comes with the start, and QUEUED with
 * the replacement of the open run where that is the policy.
 */
export const judgeReason = (input: ReasonToJudge) => (state: TriggerView): readonly TriggerEvent[] => {
  const { replaces, ...judgement } = skipped(input, state) ?? admitted(input, state);
  const judged = event(ReasonJudgedSchema, { ...judgement, reason: input.reason });
  if (replaces !== undefined) return [judged, runReplaced(replaces, input.reason, input.now)];
  if (judgement.verdict !== Verdict.STARTED) return [judged];
  const pending = input.reason.batch ? new Map(state.pending).set(input.reason.batch.name, input.reason.batch) : state.pending;
  return [judged, runStarted({ ...state, pending }, input.reason, input)];
};

/** The first of the rules that says no. */
function skipped(input: ReasonToJudge, state: TriggerView): Judgement | undefined {
  for (const rule of [duplicate, paused, disabled, belowSeverity, coolingDown, tooFewRows]) {
    const skip = rule(input, state);
    if (skip) return skip;
  }
  return undefined;
}

type Rule = (input: ReasonToJudge, state: TriggerView) => Judgement | undefined;

const skip = (skipCause: SkipCause, why: string): Judgement => ({ verdict: Verdict.SKIPPED, skipCause, why });

const duplicate: Rule = ({ reason }, { handled }) => {
  const runId = handled.get(reasonKey(reason));
  if (runId === undefined) return undefined;
  const outcome = runId === '' ? '' : ` and led to run ${runId}`;
  return { ...skip(SkipCause.DUPLICATE, `The reason ${reason.id} of ${reason.source} was judged before${outcome}.`), runId };
};

const paused: Rule = (input) => (input.paused ? skip(SkipCause.PAUSED, 'The pipeline is paused.') : undefined);

const disabled: Rule = ({ reason, spec }) =>
  isEnabled(reason, spec) ? undefined : skip(SkipCause.DISABLED, `The pipeline is not started by reasons of the kind ${kindName[reason.kind]}.`);

const belowSeverity: Rule = ({ reason, spec }) => {
  if (reason.kind !== ReasonKind.DECAY) return undefined;
  const minimum = Math.max(spec.triggers?.onDecay?.minimumSeverity ?? 0, DecaySeverity.LOW);
  if (reason.severity >= minimum) return undefined;
  return skip(SkipCause.BELOW_SEVERITY, `The severity ${severityName[reason.severity]} is below ${severityName[minimum as DecaySeverity]}, the least that starts a run.`); // a maximum of two severities
};

const coolingDown: Rule = ({ reason, spec, now }, state) => {
  const until = cooledDownAt(state, spec);
  if (!isAutomatic(reason) || now >= until) return undefined;
  return skip(SkipCause.COOL_DOWN, `The pipeline cools down until ${instant(until)} after the last start.`);
};

const tooFewRows: Rule = ({ reason, spec }, { pending, pendingRows }) => {
  if (reason.kind !== ReasonKind.DATA_ARRIVAL) return undefined;
  const minimum = spec.triggers?.onData?.minimumRows ?? 0;
  const rows = pendingRows + (reason.batch?.rows ?? 0) - (pending.get(reason.batch?.name ?? '')?.rows ?? 0);
  if (rows >= minimum) return undefined;
  return skip(SkipCause.TOO_FEW_ROWS, `Too few rows: ${count(rows)} of ${count(minimum)} new rows have arrived.`);
};

/** Nothing speaks against a run: now, later, or together with one that already waits. */
function admitted(input: ReasonToJudge, state: TriggerView): Judgement {
  if (canJoin(input, state)) return joining(state);
  const [openRun] = state.open.keys();
  if (openRun !== undefined && !waitsForItsTurn(input, state, openRun)) {
    return skip(SkipCause.RUN_OPEN, `Run ${openRun} is still open, and the pipeline does not queue.`);
  }
  if (joinsReplacement(input, state)) return { ...joining(state), ...(state.joined.size < maximumJoined && { why: `It joins the reason that takes the place of run ${openRun}.` }) };
  const wait = waiting(input, state, openRun);
  if (!wait) return { verdict: Verdict.STARTED, runId: input.newRunId, why: startingBecause(input, state) };
  const queued = [...state.queue.values()].filter(({ reason }) => !isBackfill(reason)).length;
  if (queued >= maximumQueued) return skip(SkipCause.QUEUE_FULL, `The queue is full: ${count(queued)} reasons wait already.`);
  return wait;
}

const joining = ({ joined }: TriggerView): Judgement =>
  joined.size < maximumJoined
    ? { verdict: Verdict.COALESCED, why: 'It joins the run that already waits for new data.' }
    : skip(SkipCause.QUEUE_FULL, `The queue is full: ${count(joined.size)} arrivals of data wait already. Its data wait for a later run.`);

/** Where the policy is to skip, a backfill is no reason to: it comes after everything else. */
const waitsForItsTurn = ({ spec }: ReasonToJudge, { backfilling }: TriggerView, openRun: string) => {
  const policy = spec.triggers?.concurrency;
  return policy === ConcurrencyPolicy.QUEUE || policy === ConcurrencyPolicy.REPLACE || backfilling.has(openRun);
};

/** While a run is being cancelled to make place for a reason, further ones share that one's run. */
function joinsReplacement({ spec }: ReasonToJudge, { open, stopping, queue }: TriggerView): boolean {
  const [openRun = ''] = open.keys();
  if (spec.triggers?.concurrency !== ConcurrencyPolicy.REPLACE || !stopping.has(openRun)) return false;
  return [...queue.values()].some(({ reason, dueAt }) => dueAt === 0 && !isBackfill(reason));
}

/** For what a reason has to wait, if for anything. */
function waiting(input: ReasonToJudge, state: TriggerView, openRun: string | undefined): Judgement | undefined {
  const { spec, now, reason } = input;
  const debounce = reason.kind === ReasonKind.DATA_ARRIVAL ? (spec.triggers?.onData?.debounceMs ?? 0) : 0;
  if (debounce > 0) {
    return { verdict: Verdict.QUEUED, dueAt: timestampFromMs(now + debounce), why: `It waits for further arrivals until ${instant(now + debounce)}.` };
  }
  const replaces = replaceableRun(state, spec);
  if (replaces !== undefined) return { verdict: Verdict.QUEUED, replaces, why: `It takes the place of run ${replaces}, which is cancelled.` };
  if (openRun !== undefined) return { verdict: Verdict.QUEUED, why: `It waits for its turn behind run ${openRun}.` };
  const ahead = nextReady(state, input);
  return ahead && !isBackfill(ahead.reason) ? { verdict: Verdict.QUEUED, why: 'It waits for its turn behind a reason that came before it.' } : undefined;
}

/** With coalescing, any data that waits; without, only an earlier delivery of the same batch, which this one replaces. */
function canJoin({ reason, spec }: ReasonToJudge, { queue }: TriggerView): boolean {
  if (reason.kind !== ReasonKind.DATA_ARRIVAL) return false;
  const coalesce = spec.triggers?.onData?.coalesce ?? false;
  return [...queue.values()].some(({ reason: q }) => q.kind === ReasonKind.DATA_ARRIVAL && (coalesce || q.batch?.name === reason.batch?.name));
}

function startingBecause({ reason }: ReasonToJudge, { pendingRows, pending }: TriggerView): string {
  if (reason.kind !== ReasonKind.DATA_ARRIVAL || !reason.batch) return 'No run of the pipeline is open.';
  const rows = pendingRows + reason.batch.rows - (pending.get(reason.batch.name)?.rows ?? 0);
  return `${count(rows)} new rows wait, and no run of the pipeline is open.`;
}

const count = (n: number) => n.toLocaleString('en-US');
const instant = (ms: number) => new Date(ms).toISOString();
