import { didYouMean, errorCodes, RefitError } from '@refit/contracts';

/** Of `--code`; an empty one asks for nothing. @throws RefitError USAGE_INVALID */
export function requireKnownCode(code = ''): void {
  if (code === '' || Object.hasOwn(errorCodes, code)) return;
  const codes = Object.keys(errorCodes);
  throw new RefitError('USAGE_INVALID', `--code: there is no error code ${JSON.stringify(code)}.${didYouMean(code, codes) || ` Such as: ${codes.filter((one) => one.startsWith('DATA_FILE')).join(', ')}; the letters themselves show theirs (refit dead-letters)`}`);
}
