import { create } from '@bufbuild/protobuf';
import { ListAlertsResponseSchema } from '@refit/contracts';
import { exitCodes, type ExitCode } from '../exit-codes.js';
import { printJson } from '../json.js';
import type { ServerOptions } from '../options.js';
import { readPages } from '../pages.js';
import { renderAlerts } from '../render/alerts.js';
import type { Terminal } from '../terminal.js';
import { withServer } from '../with-server.js';
import { moreHint } from './more-hint.js';

export interface AlertsOptions extends ServerOptions {
  readonly pipeline?: string;
  readonly kind?: string;
  readonly limit: number;
}

/** `refit alerts` */
export async function alerts(terminal: Terminal, { pipeline = '', kind = '', limit, ...options }: AlertsOptions): Promise<ExitCode> {
  const { items, more } = await withServer(options, ({ admin }) => readPages(limit, (page) => admin.listAlerts({ pipeline, kind, ...page }), (page) => page.alerts));
  if (options.json) printJson(terminal, ListAlertsResponseSchema, create(ListAlertsResponseSchema, { alerts: [...items] }));
  else terminal.print(renderAlerts(items, { style: terminal.style, now: terminal.now() }) + moreHint(more, limit, terminal.style));
  return exitCodes.done;
}
