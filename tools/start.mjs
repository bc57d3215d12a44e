/** `npm start`: everything from a clean clone to a running Refit with the flights example. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { environment, root } from './platform.mjs';
import { setUp } from './set-up.mjs';

setUp();
const refit = join(root, 'refit');
const args = ['up', '--example', 'flights', ...process.argv.slice(2)];
process.chdir(root);
if (process.execve) process.execve(refit, [refit, ...args], environment());

// Node 20 cannot become another program: it stands in front of it and hands signals on. At a terminal Ctrl+C reaches
// both by itself.
const child = spawn(refit, args, { stdio: 'inherit', env: environment() });
process.on('SIGINT', () => process.stdin.isTTY || child.kill('SIGINT'));
process.on('SIGTERM', () => child.kill('SIGTERM'));
child.on('error', (error) => {
  console.error(`${refit}: ${error.message}`);
  process.exit(1);
});
child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 1)));
