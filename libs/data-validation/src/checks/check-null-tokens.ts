import { AlertKind } from '@refit/contracts';
import { anomaly, onlyAnomalies, tolerate, type Check } from '../finding.js';
import { isNullToken } from '../text-forms.js';
import { percent, some } from '../wording.js';
import { severityOfRise, shareOf } from './compare-shares.js';
import { seenColumns, shareBefore } from './seen-columns.js';

/**
 * Text that stands for a missing value: "NA", "?", blanks. To a model it is a category like any other. It may rise as far
 * as missing values may.
 */
export const checkNullTokens: Check = (subject) => onlyAnomalies(seenColumns(subject).flatMap((seen) => {
  const { column: { name, text, top = [] }, present } = seen;
  const count = text?.forms?.nullTokens ?? 0;
  if (count === 0) return [];
  const [now, before] = [{ count, of: present }, shareBefore(seen, (reference) => reference.text?.forms?.nullTokens ?? 0)];
  const tokens = top.filter(({ value }) => isNullToken(value)).map(({ value }) => `"${value}"`);
  const allowed = subject.gate.maximumNullRateIncrease;
  return [anomaly(subject, {
    kind: 'NULL_TOKENS', severity: severityOfRise(now, before, allowed), alertKind: AlertKind.FEATURE, column: name,
    message: `${name}: ${percent(shareOf(now))} of the values stand for a missing one${tokens.length > 0 ? ` (${some(tokens)})` : ''}${before ? `, reference ${percent(shareOf(before))}` : ''}`,
    observed: percent(shareOf(now)), expected: before ? `at most ${percent(shareOf(before) + allowed)}` : 'no values, rather than text',
    change: tolerate('NULL_TOKENS', { upTo: shareOf(now) + allowed }),
  })];
}));
