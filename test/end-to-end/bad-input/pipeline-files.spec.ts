import { symlinkSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { refusal } from '../../support/refusal.ts';
import { RefitProcess } from '../../support/refit-process.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const { folder, path, write } = temporaryFolder('pipeline-files');
let server: RefitProcess;
beforeAll(async () => {
  server = await RefitProcess.start(folder);
}, 60_000);
afterAll(() => server.stop());

const good = `version: refit/v1
name: shop
dataset: shop
label: { column: returned, positive: "yes" }
trainer: linear
`;

describe('a pipeline file', () => {
  it.each<readonly [string, string, readonly (readonly [place: string, telling: RegExp])[]]>([
    ['with values of wrong types', `${good.replace('linear', '{ kind: linear, seed: often }')}register: { promote: maybe }\n`, [
      ['5:32', /trainer\.seed: expected a whole number; found "often"/],
      ['6:22', /register\.promote: expected true or false; found "maybe"/],
    ]],
    ['with values out of range', `${good}split: { by: time, test: 1.5 }\n`, [['6:26', /split\.test: expected a fraction above 0 and below 1; found 1\.5/]]],
    ['with unknown keys', good.replace('label:', 'lable:').concat('triggers: { onDta: true }\n'), [
      ['4:1', /lable: unknown key\. Did you mean "label"\?/],
      ['6:13', /triggers\.onDta: unknown key\. Did you mean "onData"\?/],
    ]],
    ['with an unknown choice', good.replace('linear', 'gradient-bosting'), [['5:10', /Did you mean "gradient-boosting"\?/]]],
    ['with a key twice', `${good}dataset: depot\n`, [['6:1', /the key "dataset" stands twice in one mapping, first in line 3; keep one/]]],
    ['with two gates of one name', `${good}modelGate:\n  - { name: best, metric: rocAuc, atLeast: 0.5 }\n  - { name: best, metric: logLoss, atMost: 0.6 }\n`, [
      ['8:13', /modelGate\[1\]\.name: two gates are named "best"; give each its own name/],
    ]],
    ['with a name twice in a list', `${good}features: { exclude: [city, city] }\n`, [['6:29', /features\.exclude\[1\]: "city" stands twice in the list; keep one/]]],
    ['with a name that no stream can have', good.replace('name: shop', 'name: "My shop!"'), [['2:7', /name: expected a name of letters, digits.* such as flights-delay; found "My shop!"/]]],
    ['with cron expressions that are none', `${good}triggers: { schedule: ["61 * * * *", "0 0 30 2 *"] }\n`, [
      ['6:24', /triggers\.schedule\[0\]: expected a cron expression .*"61 \* \* \* \*": .*minute/],
      ['6:38', /"0 0 30 2 \*" never comes true/],
    ]],
    ['with a time zone that is none', `${good}triggers: { schedule: { cron: "0 6 * * *", timeZone: Europe/Berln } }\n`, [['6:54', /IANA time zone, such as Europe\/Berlin; found "Europe\/Berln"\. Did you mean "Europe\/Berlin"\?/]]],
    ['that is no YAML: an open bracket', 'version: refit/v1\nname: [shop\n', [['3:1', /\]/]]],
    ['that is no YAML: a tab', 'version: refit/v1\n\tname: shop\n', [['2:1', /Tabs are not allowed as indentation/]]],
    ['of two documents', `${good}---\n${good}`, [['6:1', /a pipeline file holds one pipeline/]]],
    ['that is empty', '', [['1:1', /the file is empty; a pipeline file starts with "version: refit\/v1"/]]],
    ['of another version', good.replace('refit/v1', 'refit/v7'), [['1:10', /version: expected "refit\/v1"; found "refit\/v7"/]]],
  ])('%s is refused, with each fault at its line and column', async (name, text, faults) => {
    const file = write(`${name.replaceAll(/\W+/g, '-')}.yaml`, text);
    const result = await server.run('apply', file);
    expect(result).toEqual(refusal('PIPELINE_FILE_INVALID', faults.length === 1 ? /has a fault/ : new RegExp(`has ${faults.length} faults`)));
    const [, ...lines] = result.stderr.trimEnd().split('\n');
    expect(lines.map((line) => line.trim().split('  ', 1)[0])).toEqual(faults.map(([place]) => `${file}:${place}`));
    for (const [i, [, telling]] of faults.entries()) expect(lines[i]).toMatch(telling);
  });

  it('is named in its faults as it was named to the shell', async () => {
    write('typo.yaml', good.replace('label:', 'lable:'));
    const result = await server.command('apply', 'typo.yaml');
    expect(result).toEqual(refusal('PIPELINE_FILE_INVALID', /\n {2}typo\.yaml:4:1 {2}lable: unknown key/));
  });

  it('that is too large is refused, however large', async () => {
    const limit = /has 30000 bytes; a pipeline file has at most 24576/;
    expect(await server.run('apply', write('large.yaml', '#'.repeat(30_000)))).toEqual(refusal('PIPELINE_FILE_INVALID', limit));
    expect(await server.run('apply', write('huge.yaml', '#'.repeat(5_000_000)))).toEqual(refusal('REQUEST_INVALID', /more than the server at 127\.0\.0\.1:\d+ .*takes/));
  });

  it.each([
    ['/etc/*.csv', /\/etc is outside the folders that data may come from/],
    ['../../*.csv', /is outside the folders that data may come from/],
    ['elsewhere/*.csv', /elsewhere \(it leads to \/etc\) is outside the folders that data may come from: .*start Refit with --allow-root/],
  ])('that reads %s, outside the allowed folders, is refused', async (glob, telling) => {
    if (glob.startsWith('elsewhere')) symlinkSync('/etc', path('elsewhere'));
    expect(await server.run('apply', write(`${glob.replaceAll(/\W+/g, '-')}.yaml`, `${good}source: { paths: ["${glob}"] }\n`))).toEqual(refusal('PATH_NOT_ALLOWED', telling));
  });
});

it('what was refused is nowhere; what is mended is taken', async () => {
  expect((await server.run('pipelines')).stdout).toMatch(/^No pipelines yet/);
  expect(await server.run('apply', write('mended.yaml', good))).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/^✓ shop v1 applied/) });
});
