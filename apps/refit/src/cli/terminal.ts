import { createInterface } from 'node:readline/promises';
import pc from 'picocolors';

export type Style = ReturnType<typeof pc.createColors>;

/** Where a command writes and asks. */
export interface Terminal {
  readonly style: Style;
  /** A person watches: progress may be redrawn, questions asked. */
  readonly interactive: boolean;
  readonly columns: number;
  /** One line, or several, to standard output. */
  print(text: string): void;
  /** To standard error. */
  printError(text: string): void;
  /** Text without a line end, for what is redrawn. */
  draw(text: string): void;
  /** As they are, for a file or another program. */
  writeBytes(bytes: Uint8Array): void;
  ask(question: string): Promise<string>;
  /** Calls the handler at Ctrl+C, until the returned function is called. */
  onInterrupt(handler: () => void): () => void;
  /** Milliseconds since 1970. */
  now(): number;
}

/** The terminal of this process. A reader that goes away (`refit events | head`) ends it quietly. */
export function processTerminal(): Terminal {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });
  return {
    style: pc.createColors(wantsColor()),
    interactive: process.stdout.isTTY === true && process.stdin.isTTY === true,
    columns: process.stdout.columns || 100, // some terminals say 0
    print: (text) => void process.stdout.write(`${text}\n`),
    printError: (text) => void process.stderr.write(`${text}\n`),
    draw: (text) => void process.stdout.write(text),
    writeBytes: (bytes) => void process.stdout.write(bytes),
    ask: async (question) => {
      const reader = createInterface({ input: process.stdin, output: process.stdout });
      try {
        return await reader.question(question);
      } finally {
        reader.close();
      }
    },
    onInterrupt: (handler) => {
      process.on('SIGINT', handler);
      return () => void process.off('SIGINT', handler);
    },
    now: () => Date.now(),
  };
}

/** https://no-color.org, and the usual FORCE_COLOR. */
function wantsColor(): boolean {
  if (process.env['NO_COLOR']) return false;
  return Boolean(process.env['FORCE_COLOR']) || (process.stdout.isTTY === true && process.env['TERM'] !== 'dumb');
}
