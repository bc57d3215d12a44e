import { setTimeout as sleep } from 'node:timers/promises';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { GetBackfillResponseSchema, PlanBackfillResponseSchema, StartBackfillResponseSchema, type Backfill } from '@refit/contracts';
import { v7 as uuidv7 } from 'uuid';
import type { RefitClient } from '../../client/index.js';
import { exitCodes, type ExitCode } from '../exit-codes.js';
import { printJson } from '../json.js';
import type { ServerOptions } from '../options.js';
import { backfillExitCode, renderBackfill, renderPlan, renderRemarks } from '../render/backfills.js';
import { shortId } from '../render/ids.js';
import type { Terminal } from '../terminal.js';
import { actor, withServer } from '../with-server.js';

export interface BackfillOptions extends ServerOptions {
  readonly from: Date;
  readonly to: Date;
  /** Milliseconds. */
  readonly every?: number;
  readonly schedule?: boolean;
  readonly preview?: boolean;
  readonly promote?: boolean;
  readonly wait?: boolean;
  readonly requestId?: string;
}

/** `refit backfill PIPELINE --from TIME --to TIME` */
export async function backfill(terminal: Terminal, pipeline: string, { from, to, every = 0, schedule = false, preview = false, promote = false, wait = false, requestId = uuidv7(), ...options }: BackfillOptions): Promise<ExitCode> {
  const range = { pipeline, from: timestampFromDate(from), until: timestampFromDate(to), everyMs: every, bySchedule: schedule };
  return withServer(options, async (client) => {
    if (preview) {
      const plan = await client.admin.planBackfill({ range });
      if (options.json) printJson(terminal, PlanBackfillResponseSchema, plan);
      else terminal.print(renderPlan(plan, terminal.style));
      return exitCodes.done;
    }
    const started = await client.admin.startBackfill({ range, promote, actor: actor(), requestId });
    if (options.json && !wait) printJson(terminal, StartBackfillResponseSchema, started);
    if (!options.json) terminal.print([renderBackfill(started.backfill, terminal.style), ...renderRemarks(started.remarks, terminal.style)].join('\n'));
    return wait && started.backfill ? waitForBackfill(terminal, client, started.backfill, options.json === true) : exitCodes.done;
  });
}

/** Until each span has ended. Ctrl+C ends the waiting, not the backfill. */
async function waitForBackfill(terminal: Terminal, client: RefitClient, started: Backfill, json: boolean): Promise<ExitCode> {
  const interrupt = new AbortController();
  const release = terminal.onInterrupt(() => interrupt.abort());
  const backfillId = started.requested?.backfillId ?? '';
  let known = started;
  try {
    while (known.status === 'open') {
      await sleep(500, undefined, { signal: interrupt.signal }).catch(() => {}); // aborted: said below
      if (interrupt.signal.aborted) {
        const stays = `Stopped waiting; the backfill goes on. See it with: refit backfill show ${shortId(backfillId)}`;
        if (json) terminal.printError(stays);
        else terminal.print(stays);
        return exitCodes.interrupted;
      }
      known = (await client.admin.getBackfill({ backfillId })).backfill ?? known;
    }
  } finally {
    release();
  }
  if (json) printJson(terminal, GetBackfillResponseSchema, await client.admin.getBackfill({ backfillId }));
  else terminal.print(`\n${renderBackfill(known, terminal.style)}`);
  return backfillExitCode(known);
}
