import { ReportDecayResponseSchema } from '@refit/contracts';
import { v7 as uuidv7 } from 'uuid';
import { exitCodes, type ExitCode } from '../exit-codes.js';
import { printJson } from '../json.js';
import type { ServerOptions } from '../options.js';
import { verdictSentence } from '../render/reasons.js';
import { severityOf, type severityNames } from '../render/words.js';
import type { Terminal } from '../terminal.js';
import { actor, withServer } from '../with-server.js';

export interface DecayOptions extends ServerOptions {
  readonly severity: (typeof severityNames)[number];
  readonly summary?: string;
  readonly id?: string;
  readonly source: string;
}

/** `refit decay PIPELINE --severity …`: somebody saw the deployed model get worse. */
export async function decay(terminal: Terminal, pipeline: string, { severity, summary = '', id = uuidv7(), source, ...options }: DecayOptions): Promise<ExitCode> {
  const answer = await withServer(options, ({ admin }) => admin.reportDecay({ pipeline, source, id, severity: severityOf(severity), summary, actor: actor() }));
  if (options.json) printJson(terminal, ReportDecayResponseSchema, answer);
  else terminal.print(verdictSentence(answer.judged, terminal.style));
  return exitCodes.done;
}
