import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { root } from './platform.mjs';
import { run } from './set-up.mjs';

/** What `npm run generate` makes now is what is committed. */
export function freshnessCheck(scratch) {
  if (run('buf', ['generate', '--output', scratch]) !== 0) return false;
  if (run('node', [join(root, 'tools', 'compile-schemas.mjs'), scratch]) !== 0) return false;
  return ['libs/contracts/src/gen', 'libs/contracts/gen'].map((folder) => isFresh(folder, scratch)).every(Boolean);
}

function isFresh(generated, scratch) {
  const [wanted, found] = [contents(join(scratch, generated)), contents(join(root, generated))];
  const stale = [...new Set([...wanted.keys(), ...found.keys()])].filter((file) => wanted.get(file) !== found.get(file));
  for (const file of stale) console.error(`${generated}/${file} is not what is generated now: run \`npm run generate\` and commit`);
  return stale.length === 0;
}

/** The contracts still say everything that the committed ones said. */
export function baselineCheck() {
  const baseline = 'proto/baseline.binpb';
  if (!existsSync(join(root, baseline))) return `${baseline} is not there`;
  return run('buf', ['breaking', '--against', baseline]) === 0;
}

/** Each file below a folder, by its path in it. */
function contents(folder) {
  const files = readdirSync(folder, { recursive: true }).map(String).filter((file) => statSync(join(folder, file)).isFile());
  return new Map(files.map((file) => [relative('.', file), readFileSync(join(folder, file), 'utf8')]));
}
