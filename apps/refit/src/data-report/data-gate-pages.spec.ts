import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { runProgram } from '../cli/program.js';
import { testTerminal } from '../cli/testing/test-terminal.js';

const root = fileURLToPath(new URL('../../../../', import.meta.url));
const folder = join(root, 'docs', 'data-gate');

/** The commands that a page shows with what they print: blocks of `console`. */
const examples = readdirSync(folder).filter((name) => name.endsWith('.md')).flatMap((page) =>
  [...readFileSync(join(folder, page), 'utf8').matchAll(/^```console\n\$ \.\/refit (?<command>.*)\n(?<output>[^`]*)^```$/gmu)].map(({ groups }) => ({ page, command: groups?.['command'] ?? '', output: (groups?.['output'] ?? '').trimEnd() })),
);

describe('the pages of the data gate', () => {
  it('have examples', () => {
    const pages = new Set(examples.map(({ page }) => page));
    expect([...pages]).toEqual(expect.arrayContaining(['anomalies.md', 'new-features.md', 'new-domains.md', 'disappeared-features.md', 'distribution-changes.md']));
  });

  it.each(examples)('show what a command prints: $page, $command', async ({ command, output }) => {
    const terminal = testTerminal();
    await runProgram(command.split(' ').map((word) => (word.startsWith('docs/') ? join(root, word) : word)), terminal);
    const printed = terminal.output.join('\n').replaceAll(root, '').split('\n').map((line) => line.trimEnd()).join('\n').trimEnd();
    expect(printed).toBe(output);
  });
});
