/** `npm run chaos -- [ROUNDS]`: the process is killed at random moments, 30 times unless told otherwise. */
import { projectNode } from './platform.mjs';
import { run, setUp } from './set-up.mjs';

const rounds = process.argv[2] ?? '30';
if (!/^[1-9]\d{0,4}$/.test(rounds)) {
  console.error(`expected a number of rounds; found ${rounds}`);
  process.exit(64);
}
setUp();
process.env.REFIT_CHAOS_ROUNDS = rounds;
process.exitCode = run(projectNode(), ['node_modules/vitest/vitest.mjs', 'run', 'test/chaos']);
