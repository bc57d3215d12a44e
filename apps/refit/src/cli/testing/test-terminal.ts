import pc from 'picocolors';
import type { Terminal } from '../terminal.js';

export interface TestTerminal extends Terminal {
  /** What was printed so far, a line each. */
  readonly output: string[];
  readonly errors: string[];
  readonly written: Uint8Array[];
  /** Ctrl+C. */
  interrupt(): void;
}

/** A terminal without colours whose clock stands still. */
export function testTerminal({ interactive = false, answer = '', now = Date.UTC(2026, 0, 1, 12) } = {}): TestTerminal {
  const output: string[] = [];
  const errors: string[] = [];
  const written: Uint8Array[] = [];
  const handlers = new Set<() => void>();
  return {
    output,
    errors,
    written,
    interrupt: () => handlers.forEach((handler) => handler()),
    style: pc.createColors(false),
    interactive,
    columns: 100,
    print: (text) => void output.push(...text.split('\n')),
    printError: (text) => void errors.push(...text.split('\n')),
    draw: () => {},
    writeBytes: (bytes) => void written.push(bytes),
    ask: () => Promise.resolve(answer),
    onInterrupt: (handler) => {
      handlers.add(handler);
      return () => void handlers.delete(handler);
    },
    now: () => now,
  };
}
