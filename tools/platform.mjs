import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url)).replace(/[/\\]$/, '');

/** The Node that npm installs with the project on Linux; elsewhere, and before it is installed, the one that runs this. */
export function projectNode() {
  const bundled = join(root, 'node_modules', `node-linux-${process.arch}`, 'bin', 'node');
  return process.platform === 'linux' && existsSync(bundled) ? bundled : process.execPath;
}

/** The surroundings of every command: the project's tools come first, its Node among them. */
export const environment = () => ({ ...process.env, PATH: `${join(root, 'node_modules', '.bin')}:${process.env.PATH ?? ''}` });

/** Ends with one line where Refit cannot run. */
export function requirePlatform() {
  const reason = platformProblem(process.platform, process.arch, process.versions.node);
  if (reason === undefined) return;
  console.error(reason);
  process.exit(1);
}

/** Why this system will not do; undefined when it will. */
export function platformProblem(platform, arch, node) {
  const bundled = platform === 'linux' && (arch === 'x64' || arch === 'arm64');
  const [least, text] = bundled ? [[20, 0], '20'] : [[22, 13], '22.13'];
  if (platform === 'win32') return 'Refit runs on Linux and macOS; on Windows, use it within WSL.';
  const [major = 0, minor = 0] = node.split('.').map(Number);
  if (major > least[0] || (major === least[0] && minor >= least[1])) return undefined;
  return `Refit needs Node ${text} or newer on ${platform} ${arch}; this is Node ${node}. See https://nodejs.org.`;
}
