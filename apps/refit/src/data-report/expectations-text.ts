import { ExpectationVerdict } from '@refit/contracts';
import { brokenText } from '../cli/render/offenders.js';
import type { Style } from '../cli/terminal.js';
import type { FileExpectations } from './file-expectations.js';

/** How many expectations are kept, and the rows that broke the others; nothing where nothing was expected. */
export function expectationsText(found: FileExpectations | undefined, style: Style): readonly string[] {
  if (!found) return [];
  const kept = found.results.filter(({ verdict }) => verdict === ExpectationVerdict.KEPT).length;
  const heading = `${style.bold('Expectations')}  ${style.dim(`${kept} of ${found.results.length} kept`)}`;
  return [[heading, ...found.offenders.map((broken) => brokenText(broken, found.keyColumns, style))].join('\n')];
}
