import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { environment, requirePlatform, root } from './platform.mjs';

/** Everything that a clean clone needs before it can run: dependencies, then the build. Ends the process where it fails. */
export function setUp({ build = true } = {}) {
  requirePlatform();
  install();
  if (build) compile();
}

/** Runs one of the project's tools and waits for it; its exit code. */
export function run(command, args, options = {}) {
  const { status, error } = spawnSync(command, args, { cwd: root, env: environment(), stdio: 'inherit', ...options });
  if (error) console.error(`${command}: ${error.message}`);
  return status ?? 1;
}

/** Standard output is for what the command itself says. */
const aside = { stdio: ['inherit', 2, 2] };

function compile() {
  if (!existsSync(join(root, 'apps', 'refit', 'dist', 'cli', 'main.js'))) console.error('Building (tsc -b)…');
  if (run('tsc', ['-b'], aside) !== 0) fail('the build failed: see above');
}

const lockFile = join(root, 'package-lock.json');
const modules = join(root, 'node_modules');
const stamp = join(modules, '.refit-installed');

function install() {
  const wanted = createHash('sha256').update(readFileSync(lockFile)).digest('hex');
  if (isInstalled(wanted)) return;
  console.error('Installing dependencies (npm ci)…');
  // Not with the Node below node_modules: npm is about to replace it.
  const status = run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], { ...aside, env: process.env });
  if (status !== 0) fail('`npm ci` failed: see above. Is the npm registry reachable?');
  writeFileSync(stamp, wanted);
}

function isInstalled(wanted) {
  if (existsSync(stamp)) return readFileSync(stamp, 'utf8') === wanted;
  // Installed by hand: npm keeps its own record of when.
  const record = join(modules, '.package-lock.json');
  return existsSync(record) && statSync(record).mtimeMs >= statSync(lockFile).mtimeMs;
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
