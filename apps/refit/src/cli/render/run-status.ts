import type { Run } from '@refit/contracts';
import { stepName } from '@refit/run';
import { exitCodes, type ExitCode } from '../exit-codes.js';
import type { Style } from '../terminal.js';

export const hasEnded = (run: Run) => run.status !== 'open';

/** `✓ registered`, `✗ data rejected`, `● train, attempt 2`, and while it waits for its turn `○ waits to train`. */
export function statusText(run: Run, style: Style): string {
  switch (run.status) {
    case 'completed':
      return run.outcome === 'registered' ? style.green('✓ registered') : style.yellow(`✗ ${run.outcome.replaceAll('-', ' ')}`);
    case 'failed':
      return style.red('✗ failed');
    case 'cancelled':
      return style.dim('– cancelled');
    default: {
      const again = run.attempt > 1 ? `, attempt ${run.attempt}` : '';
      const step = `${stepName(run.currentStep)}${again}`;
      return run.instanceId === '' ? style.dim(`○ waits to ${step}`) : style.cyan(`● ${step}`);
    }
  }
}

/** How waiting for a run ends: 2 when a gate said no. */
export function exitCodeOf(run: Run): ExitCode {
  if (run.status !== 'completed') return exitCodes.error;
  return run.outcome === 'registered' ? exitCodes.done : exitCodes.rejected;
}
