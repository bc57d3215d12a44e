import type { ExitCode } from './exit-codes.js';

/** What the command that ran says to the shell; read when the program has been parsed. */
export class Outcome {
  code: ExitCode = 0;

  /** Makes a commander action of what ends with an exit code. */
  readonly of = <A extends readonly unknown[]>(action: (...args: A) => Promise<ExitCode>) => async (...args: A): Promise<void> => {
    this.code = await action(...args);
  };
}
