import { RefitError } from '@refit/contracts';

/** Bounded records lie in streams of their own, which are no part of the log. Not "$", which is for administrators. */
export const recordStreamPrefix = 'refit.record.';

/** Of the one kind of event in them. */
export const recordType = 'refit.store.Record';

export const recordStream = (name: string): string => `${recordStreamPrefix}${name}`;

/** @throws RefitError STREAM_NAME_INVALID */
export function assertNoRecordStream(stream: string): void {
  if (!stream.startsWith(recordStreamPrefix)) return;
  throw new RefitError('STREAM_NAME_INVALID', `Stream name ${JSON.stringify(stream)} begins with ${recordStreamPrefix}, where records lie. Choose another name.`);
}
