/**
 * `npm run chaos -- [ROUNDS]`: processes are killed at random moments, in as many rounds with everything in one process,
 * and in as many with a process for each service and Kafka; 30 unless told otherwise. Kafka as `npm test` finds it.
 */
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
