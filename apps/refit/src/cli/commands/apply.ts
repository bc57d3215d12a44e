import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { ApplyPipelineResponseSchema, RefitError } from '@refit/contracts';
import { exitCodes, type ExitCode } from '../exit-codes.js';
import { printJson } from '../json.js';
import type { ServerOptions } from '../options.js';
import { triggersText } from '../render/pipelines.js';
import type { Terminal } from '../terminal.js';
import { actor, withServer } from '../with-server.js';

/** `refit apply FILE`: the pipeline file becomes the pipeline's newest version. */
export async function apply(terminal: Terminal, file: string, options: ServerOptions): Promise<ExitCode> {
  const text = readPipelineFile(file);
  const answer = await withServer(options, ({ admin }) => admin.applyPipeline({ fileName: file, text, baseDirectory: dirname(resolve(file)), actor: actor() }));
  if (options.json) {
    printJson(terminal, ApplyPipelineResponseSchema, answer);
    return exitCodes.done;
  }
  const { spec, version, unchanged } = answer;
  const { style } = terminal;
  const what = unchanged ? `${style.dim('=')} ${style.bold(spec?.name ?? '')} is at v${version} already; nothing changed` : `${style.green('✓')} ${style.bold(spec?.name ?? '')} v${version} applied`;
  terminal.print(`${what}  ${style.dim(`dataset ${spec?.dataset}, starts on ${triggersText(spec)}`)}`);
  return exitCodes.done;
}

function readPipelineFile(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new RefitError('REQUEST_INVALID', `cannot read the pipeline file ${resolve(file)} (${(cause as NodeJS.ErrnoException).code}): check its path and its permissions`, { cause });
  }
}
