/** `npm run bench -- [NAME] [--json]`: each bench in a process of its own, on the built project. */
import { execFileSync, fork } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { arch, cpus, release, totalmem, type } from 'node:os';
import { join } from 'node:path';
import { environment, projectNode, root } from './platform.mjs';
import { setUp } from './set-up.mjs';

const folder = join(root, 'test', 'bench');
const all = readdirSync(folder).filter((file) => file.endsWith('.bench.ts')).map((file) => file.replace('.bench.ts', '')).sort();
const asJson = process.argv.includes('--json');
const asked = process.argv.slice(2).filter((argument) => !argument.startsWith('-'));
const unknownFlag = process.argv.slice(2).find((argument) => argument.startsWith('-') && argument !== '--json');
if (unknownFlag !== undefined) {
  console.error(`there is no flag ${unknownFlag}; there is: --json`);
  process.exit(64);
}
const unknown = asked.find((name) => !all.includes(name));
if (unknown !== undefined) {
  console.error(`there is no bench ${unknown}; there are: ${all.join(', ')}`);
  process.exit(64);
}

setUp();
const results = [];
for (const name of asked.length > 0 ? asked : all) {
  if (!asJson) console.log(`\n${name}`);
  try {
    const result = { ...(await runBench(name)), machine: machine() };
    results.push(result);
    if (!asJson) printFigures(result.figures);
  } catch (error) {
    console.error(`bench ${name}: ${error.message}`);
    process.exitCode = 1;
  }
}
if (asJson) console.log(JSON.stringify(asked.length === 1 ? results[0] : results, undefined, 2));
else console.log(`\n${Object.entries(machine()).map(([name, value]) => `${name}: ${value}`).join('\n')}`);

/** What the bench's default export resolves to. What it prints goes to standard error. */
function runBench(name) {
  return new Promise((resolve, reject) => {
    const child = fork(join(root, 'tools', 'run-bench.mjs'), [join(folder, `${name}.bench.ts`)], { execPath: projectNode(), execArgv: ['--disable-warning=ExperimentalWarning', '--expose-gc'], env: environment(), cwd: root, stdio: ['ignore', 2, 2, 'ipc'] });
    child.on('message', (result) => resolve(result));
    child.on('error', reject);
    child.on('exit', (code, signal) => reject(new Error(`ended without a result (${signal ?? code})`)));
  });
}

/** What the figures were measured on. */
function machine() {
  const processors = cpus();
  const versions = JSON.parse(execFileSync(projectNode(), ['-p', 'JSON.stringify(process.versions)'], { encoding: 'utf8' }));
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  return { processor: `${processors.length} × ${processors[0]?.model.trim()}`, memory: `${Math.round(totalmem() / 2 ** 30)} GiB`, system: `${type()} ${release()} ${arch()}`, node: versions.node, v8: versions.v8, refit: version };
}

function printFigures(figures) {
  const rows = figures.map(({ name, value, unit, target, ok }) => [name, format(value), unit, target ?? '', ok === undefined ? '' : ok ? '✓' : '✗ missed']);
  const widths = [0, 1, 2, 3].map((i) => Math.max(...rows.map((row) => row[i].length)));
  for (const [name, value, unit, target, ok] of rows) console.log(`  ${name.padEnd(widths[0])}  ${value.padStart(widths[1])} ${unit.padEnd(widths[2])}  ${target.padEnd(widths[3])}  ${ok}`.trimEnd());
}

/** Four digits that mean something. */
function format(value) {
  return Math.abs(value) >= 1000 ? Math.round(value).toLocaleString('en-US') : String(Number(value.toPrecision(4)));
}
