import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { parseExpectationsFile, RefitError, type DataGate } from '@refit/contracts';
import type { ExpectedByHand } from '../../data-report/file-expectations.js';

/**
 * What is expected by hand: as the file says that is named, else as the pipeline says whose limits are taken; undefined for
 * nothing.
 *
 * @throws RefitError PIPELINE_FILE_INVALID, REQUEST_INVALID
 */
export async function expectationsOf({ expectations: file, now: asked }: { readonly expectations?: string; readonly now?: Date }, gate: DataGate, clock: number): Promise<ExpectedByHand | undefined> {
  const expectations = file === undefined ? gate.expectations : await expectationsIn(file);
  return expectations.length === 0 ? undefined : { expectations, now: asked?.getTime() ?? clock };
}

async function expectationsIn(file: string) {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new RefitError('REQUEST_INVALID', `cannot read the expectations in ${resolve(file)}: check its path and its permissions`, { cause });
  });
  return parseExpectationsFile(text, { fileName: file, baseDirectory: dirname(resolve(file)) });
}
