import { spawn } from 'node:child_process';
import { environment, root } from './platform.mjs';

/** Becomes another program, in the project's folder. */
export function become(command, args) {
  process.chdir(root);
  if (process.execve) process.execve(command, [command, ...args], environment());

  // Node 20 cannot become another program: it stands in front of it and hands signals on. At a terminal Ctrl+C reaches
  // both by itself.
  const child = spawn(command, args, { stdio: 'inherit', env: environment() });
  process.on('SIGINT', () => process.stdin.isTTY || child.kill('SIGINT'));
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  child.on('error', (error) => {
    console.error(`${command}: ${error.message}`);
    process.exit(1);
  });
  child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 1)));
}
