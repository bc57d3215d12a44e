import { duration } from './render/times.js';
import type { Terminal } from './terminal.js';

const frames = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];

/** On a terminal, a last line that is redrawn while there is something to wait for: what is done, how far it is, for how long. */
export class WaitingLine {
  readonly #timer: NodeJS.Timeout | undefined;
  readonly #since: number;
  #doing = '';
  #frame = 0;

  constructor(readonly terminal: Terminal) {
    this.#since = terminal.now();
    this.#timer = terminal.interactive ? setInterval(() => this.#draw(), 100) : undefined;
  }

  /** @param done share of it, where that is known */
  say(doing: string, done?: number): void {
    this.#doing = done === undefined ? doing : `${doing}  ${Math.floor(done * 100)} %`;
  }

  stop(): void {
    if (!this.#timer) return;
    clearInterval(this.#timer);
    this.terminal.draw('\r\u001b[2K');
  }

  #draw(): void {
    const { style, columns } = this.terminal;
    const text = `${this.#doing}  ${duration(this.terminal.now() - this.#since)}`;
    this.terminal.draw(`\r\u001b[2K${style.cyan(frames[this.#frame++ % frames.length] ?? '')} ${text.slice(0, columns - 3)}`);
  }
}
