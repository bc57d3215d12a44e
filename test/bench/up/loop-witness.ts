/**
 * Preloaded into a process (`--import`), finds out why its event loop stands still. It begins with a first SIGUSR2, and
 * with a second one it writes to the file $LOOP_WITNESS when the loop stood still for longest, and on what.
 *
 * The kernel says how long the thread computed and how long it waited for a processor; the rest it slept in a system
 * call. The sampling profiler says in which function.
 */
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { Session, type Profiler } from 'node:inspector';
import { isMainThread } from 'node:worker_threads';

/** A time in which the event loop did not turn; all in milliseconds. */
export interface Standstill {
  readonly ms: number;
  /** Since the first SIGUSR2. */
  readonly at: number;
  readonly cause: string;
}

interface Gap {
  readonly from: number;
  readonly until: number;
  readonly computedMs: number;
  readonly queuedMs: number;
}

const file = process.env['LOOP_WITNESS'];
if (isMainThread && file !== undefined) {
  const session = startProfiler(); // now: that alone holds the loop for a quarter of a second
  process.once('SIGUSR2', () => witness(file, session));
}

function startProfiler(): Session {
  const session = new Session();
  session.connect();
  session.post('Profiler.enable');
  session.post('Profiler.setSamplingInterval', { interval: 2000 });
  session.post('Profiler.start');
  return session;
}

function witness(file: string, session: Session): void {
  const began = microseconds();
  const gaps: Gap[] = [];
  let last = { ...threadTimes(), at: began };
  const timer = setInterval(() => {
    const now = { ...threadTimes(), at: microseconds() };
    gaps.push({ from: last.at, until: now.at, computedMs: now.computedMs - last.computedMs, queuedMs: now.queuedMs - last.queuedMs });
    if (gaps.length > 100) gaps.sort((a, b) => length(b) - length(a)).splice(5);
    last = now;
  }, 5);
  process.once('SIGUSR2', () => {
    clearInterval(timer);
    session.post('Profiler.stop', (_, { profile }) => {
      const longest = gaps.toSorted((a, b) => length(b) - length(a)).slice(0, 5);
      const found = longest.map((gap): Standstill => ({ ms: length(gap) / 1000, at: (gap.from - began) / 1000, cause: cause(gap, profile) }));
      writeFileSync(`${file}.part`, JSON.stringify(found));
      renameSync(`${file}.part`, file);
      session.disconnect();
    });
  });
}

const microseconds = () => Number(process.hrtime.bigint() / 1000n);
const length = ({ from, until }: Gap) => until - from;

/** Of the calling thread, since it began. */
function threadTimes(): { computedMs: number; queuedMs: number } {
  const [computed, queued] = readFileSync('/proc/thread-self/schedstat', 'utf8').split(' ');
  return { computedMs: Number(computed) / 1e6, queuedMs: Number(queued) / 1e6 };
}

function cause(gap: Gap, profile: Profiler.Profile): string {
  const half = length(gap) / 2000;
  const frame = longestFrame(gap, profile);
  if (gap.queuedMs > half) return 'waiting for a processor';
  return gap.computedMs > half ? `computing: ${frame}` : `waiting for the disk or the kernel: ${frame}`;
}

/** Where most of the time went, as far as the profiler saw a function: the innermost one, and the first one of ours. */
function longestFrame({ from, until }: Gap, { nodes, samples = [], timeDeltas = [], startTime }: Profiler.Profile): string {
  const parents = new Map(nodes.flatMap((node) => (node.children ?? []).map((child) => [child, node.id] as const)));
  const frames = new Map(nodes.map((node) => [node.id, node.callFrame]));
  const spent = new Map<string, number>();
  let at = startTime;
  samples.forEach((id, i) => {
    at += timeDeltas[i] ?? 0;
    const name = frames.get(id)?.functionName ?? '';
    if (at < from || at > until || ['(idle)', '(program)', '(root)'].includes(name)) return;
    const own = ownFrame(id);
    const text = own && own !== name ? `${name || 'a function'} in ${own}` : name;
    spent.set(text, (spent.get(text) ?? 0) + Math.min(timeDeltas[i + 1] ?? 0, until - at));
  });
  const [longest] = [...spent].toSorted(([, a], [, b]) => b - a);
  return longest?.[0] ?? 'no function';

  function ownFrame(id: number): string | undefined {
    for (let node: number | undefined = id; node !== undefined; node = parents.get(node)) {
      const { functionName = '', url = '', lineNumber = 0 } = frames.get(node) ?? {};
      const [, path] = /\/((?:apps|libs)\/.*)/.exec(url.includes('node_modules') ? '' : url) ?? [];
      if (path !== undefined) return `${functionName || 'a function'} (${path}:${lineNumber + 1})`;
    }
    return undefined;
  }
}
