import { up } from '../../up/index.js';
import { exitCodes, type ExitCode } from '../exit-codes.js';

export interface UpCommandOptions {
  readonly dataDir?: string;
  readonly host?: string;
  readonly port?: number;
  readonly grpcPort?: number;
  readonly allowRoot?: readonly string[];
  readonly example?: string;
  readonly json?: boolean;
}

/** `refit up`: all services in this process, until Ctrl+C. */
export async function startUp(options: UpCommandOptions): Promise<ExitCode> {
  await up(options);
  return exitCodes.done;
}
