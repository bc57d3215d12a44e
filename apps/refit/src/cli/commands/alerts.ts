import { create } from '@bufbuild/protobuf';
import { ListAlertsResponseSchema } from '@refit/contracts';
import { exitCodes, type ExitCode } from '../exit-codes.js';
import { printJson } from '../json.js';
import type { MomentOptions } from '../moments.js';
import { nextPageHint, type NextPage, type PageOptions } from '../next-page.js';
import type { ServerOptions } from '../options.js';
import { readPages } from '../pages.js';
import { renderAlerts } from '../render/alerts.js';
import { findingSeverityOf, type findingSeverityNames } from '../render/words.js';
import type { Terminal } from '../terminal.js';
import { span } from '../time-span.js';
import { withServer } from '../with-server.js';

export interface AlertsOptions extends ServerOptions, PageOptions, MomentOptions {
  readonly pipeline?: string;
  readonly kind?: string;
  readonly severity?: (typeof findingSeverityNames)[number];
}

/** `refit alerts` */
export async function alerts(terminal: Terminal, { pipeline = '', kind = '', severity, limit, page, ...options }: AlertsOptions, next: NextPage): Promise<ExitCode> {
  const asked = { pipeline, kind, severity: findingSeverityOf(severity), ...span(options) };
  const { items, nextPageToken } = await withServer(options, ({ admin }) => readPages(limit, (part) => admin.listAlerts({ ...asked, ...part }), (part) => part.alerts, page));
  const filtered = [pipeline, kind, severity, options.since, options.until, page].some(Boolean);
  if (options.json) printJson(terminal, ListAlertsResponseSchema, create(ListAlertsResponseSchema, { alerts: [...items], nextPageToken }));
  else terminal.print(renderAlerts(items, { style: terminal.style, now: terminal.now(), filtered }) + nextPageHint(nextPageToken, next, terminal.style));
  return exitCodes.done;
}
