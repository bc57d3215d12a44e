import type { Run, WatchRunsResponse } from '@refit/contracts';
import { stepName } from '@refit/run';
import { progressText } from './render/run-details.js';
import { duration } from './render/times.js';
import { renderWatched } from './render/watched.js';
import type { Terminal } from './terminal.js';

const frames = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];

/**
 * Tells how a run goes on: a line for each thing that happened and, on a terminal, a last line that is redrawn with the
 * step at work, how far it is and for how long.
 */
export class ProgressLine {
  readonly #terminal: Terminal;
  readonly #timer: NodeJS.Timeout | undefined;
  #step = 'waiting';
  #since: number;
  #progress = '';
  #frame = 0;
  #stopped = false;

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
    this.#since = terminal.now();
    this.#timer = terminal.interactive ? setInterval(() => this.#draw(), 100) : undefined;
  }

  show(change: WatchRunsResponse): void {
    const { run, event, progress } = change;
    const step = run ? stepText(run) : 'waiting';
    if (step !== this.#step) [this.#step, this.#since, this.#progress] = [step, this.#terminal.now(), ''];
    if (progress) this.#progress = progressText(progress);
    const line = event && renderWatched(change, this.#terminal.style);
    if (line !== undefined) this.note(line);
  }

  /** A line above the one that is redrawn. */
  note(text: string): void {
    this.#clear();
    this.#terminal.print(text);
    this.#draw();
  }

  stop(): void {
    if (this.#stopped) return;
    this.#stopped = true;
    clearInterval(this.#timer);
    this.#clear();
  }

  #draw(): void {
    const terminal = this.#terminal;
    if (!terminal.interactive || this.#stopped) return;
    const frame = frames[this.#frame++ % frames.length] ?? '';
    const text = [this.#step.padEnd(9), this.#progress, duration(terminal.now() - this.#since)].filter((part) => part !== '').join('  ');
    terminal.draw(`\r\u001b[2K${terminal.style.cyan(frame)} ${text.slice(0, terminal.columns - 3)}`);
  }

  #clear(): void {
    if (this.#terminal.interactive) this.#terminal.draw('\r\u001b[2K');
  }
}

/** The step at work; of a run that nobody works at, the step that is due. */
const stepText = ({ currentStep, instanceId }: Run) => (instanceId === '' ? `waiting for ${stepName(currentStep)}` : stepName(currentStep));
