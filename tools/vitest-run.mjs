import { existsSync, readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { projectNode, root } from './platform.mjs';
import { run } from './set-up.mjs';

/** Runs the tests and counts them. What ends vitest without a failed test, such as a file that cannot be loaded, counts as one. */
export function runTests(reportFile, filters = []) {
  const status = run(projectNode(), ['node_modules/vitest/vitest.mjs', 'run', '--reporter=default', '--reporter=json', `--outputFile=${reportFile}`, ...filters]);
  if (!existsSync(reportFile)) return { passed: 0, failed: 1, skipped: [] };
  const files = JSON.parse(readFileSync(reportFile, 'utf8')).testResults;
  const tests = files.flatMap((file) => file.assertionResults.map((test) => ({ ...test, file: file.name })));
  const count = (state) => tests.filter((test) => test.status === state).length;
  const unloaded = files.filter((file) => file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed')).length;
  const failed = count('failed') + unloaded;
  const skipped = tests.filter((test) => test.status !== 'passed' && test.status !== 'failed');
  return {
    passed: count('passed'),
    failed: failed === 0 && status !== 0 ? 1 : failed,
    skipped: skipped.map((test) => `${relative(root, test.file)}: ${test.fullName}`),
  };
}
