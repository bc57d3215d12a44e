/** `npm test`: every check there is. The last line says how many passed, failed and were skipped. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { baselineCheck, freshnessCheck } from './contract-checks.mjs';
import { run, setUp } from './set-up.mjs';
import { runTests } from './vitest-run.mjs';

setUp({ build: false });
const scratch = mkdtempSync(join(tmpdir(), 'refit-test-'));
/** @type {{passed: number, failed: number, skipped: string[]}} */
const total = { passed: 0, failed: 0, skipped: [] };
try {
  check('buf lint', () => run('buf', ['lint']) === 0);
  check('generated code is fresh', () => freshnessCheck(join(scratch, 'generated')));
  check('buf breaking', () => baselineCheck());
  check('tsc -b', () => run('tsc', ['-b']) === 0);
  check('oxlint', () => run('oxlint', ['--quiet']) === 0);
  const tests = runTests(join(scratch, 'vitest.json'), process.argv.slice(2));
  total.passed += tests.passed;
  total.failed += tests.failed;
  total.skipped.push(...tests.skipped);
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
if (total.skipped.length > 0) console.log(`\nSkipped:\n${total.skipped.map((line) => `  ${line}`).join('\n')}`);
process.exitCode = total.failed > 0 ? 1 : 0;
console.log(`\n${total.passed} passed, ${total.failed} failed, ${total.skipped.length} skipped`);

/** A check says true, false, or in a sentence why it was skipped. */
function check(name, work) {
  const started = performance.now();
  const result = work();
  const took = `${((performance.now() - started) / 1000).toFixed(1)} s`;
  console.log(`${result === true ? '✓' : result === false ? '✗' : '–'} ${name} (${took})`);
  if (result === true) total.passed++;
  else if (result === false) total.failed++;
  else total.skipped.push(`${name}: ${result}`);
}
