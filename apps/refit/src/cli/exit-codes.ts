/** What a command says to the shell. */
export const exitCodes = {
  done: 0,
  error: 1,
  /** A gate said no. */
  rejected: 2,
  /** The command line is wrong (EX_USAGE of sysexits.h). */
  usage: 64,
  /** Ended by Ctrl+C, as shells write it. */
  interrupted: 130,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];
