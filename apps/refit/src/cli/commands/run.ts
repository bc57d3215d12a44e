import { setTimeout as sleep } from 'node:timers/promises';
import { StartRunResponseSchema, Verdict, type ReasonJudged } from '@refit/contracts';
import { v7 as uuidv7 } from 'uuid';
import type { RefitClient } from '../../client/index.js';
import { exitCodes, type ExitCode } from '../exit-codes.js';
import { printJson } from '../json.js';
import type { ServerOptions } from '../options.js';
import { verdictSentence } from '../render/reasons.js';
import { runHint } from '../render/run-details.js';
import type { Terminal } from '../terminal.js';
import { waitForRun } from '../wait-for-run.js';
import { actor, withServer } from '../with-server.js';

export interface RunOptions extends ServerOptions {
  readonly wait?: boolean;
  readonly reason?: string;
  readonly requestId?: string;
}

/** `refit run PIPELINE [--wait]` */
export async function run(terminal: Terminal, pipeline: string, { reason = '', requestId = uuidv7(), wait = false, ...options }: RunOptions): Promise<ExitCode> {
  return withServer(options, async (client) => {
    const answer = await client.admin.startRun({ pipeline, actor: actor(), reason, requestId });
    const { judged } = answer;
    const skipped = judged === undefined || judged.verdict === Verdict.SKIPPED;
    if (!options.json) terminal.print(verdictSentence(judged, terminal.style));
    if (skipped || !wait) {
      if (options.json) printJson(terminal, StartRunResponseSchema, answer);
      else if (judged?.runId) terminal.print(runHint(judged.runId, terminal.style));
      return skipped ? exitCodes.error : exitCodes.done;
    }
    const runId = judged.runId || (await runOf(terminal, client, pipeline, judged, options.json === true));
    return runId === undefined ? exitCodes.interrupted : waitForRun(terminal, client, runId, { json: options.json === true });
  });
}

/** The run that a queued or coalesced reason came to, once it has started; undefined when a person stopped waiting. */
async function runOf(terminal: Terminal, client: RefitClient, pipeline: string, { reason }: ReasonJudged, json: boolean): Promise<string | undefined> {
  const interrupt = new AbortController();
  const release = terminal.onInterrupt(() => interrupt.abort());
  const reasonId = `${reason?.source} ${reason?.id}`;
  const seen = new Set<string>();
  try {
    while (!interrupt.signal.aborted) {
      const { runs } = await client.admin.listRuns({ pipeline, pageSize: 20 });
      for (const { runId } of runs.filter((r) => !seen.has(r.runId))) {
        if (await startedBy(client, runId, reasonId)) return runId;
        seen.add(runId);
      }
      await sleep(500, undefined, { signal: interrupt.signal }).catch(() => {}); // aborted: the loop ends
    }
  } finally {
    release();
  }
  const stays = `Stopped waiting; the request stays queued. See it with: refit reasons ${pipeline}`;
  if (json) terminal.printError(stays);
  else terminal.print(stays);
  return undefined;
}

async function startedBy(client: RefitClient, runId: string, reasonId: string): Promise<boolean> {
  const { events } = await client.admin.getRun({ runId });
  const ids = events.find((event) => event.type === 'refit.run.v1.RunRequested')?.data?.['reasonIds'];
  return Array.isArray(ids) && ids.includes(reasonId);
}
