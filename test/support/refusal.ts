import { expect } from 'vitest';
import type { ErrorCode } from '@refit/contracts';
import type { CommandResult } from './refit-process.ts';

/** What a command shows that failed as a user can act on: exit code 1, the stable code and the telling part of the message, and no stack. */
export const refusal = (code: ErrorCode, telling: RegExp): CommandResult => ({
  exitCode: 1,
  stdout: '',
  stderr: expect.stringMatching(new RegExp(`^error ${code}: (?![\\s\\S]*\\n\\s+at )[\\s\\S]*${telling.source}`)) as string, // a matcher in its place
});
