import { hideCredentials } from '@refit/contracts';
import type { ResolvedSetting } from './resolve-settings.js';

/** The value of a setting as it may be printed and logged: no secret is in it. Undefined where there is none. */
export function shownValue({ setting, value }: ResolvedSetting): unknown {
  if (value === undefined) return undefined;
  if (setting.secret) return '•••';
  return typeof value === 'string' ? hideCredentials(value) : value;
}
