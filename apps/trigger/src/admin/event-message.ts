import type { MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import type { EventSchema } from '@refit/contracts';
import type { RecordedEvent } from '@refit/event-store';

/** A recorded event as the admin API shows it. */
export const eventMessage = ({ stream, revision, position, id, type, recordedAt, data, metadata }: RecordedEvent): MessageInitShape<typeof EventSchema> => ({
  stream, revision, position, id, type, recordedAt: timestampFromMs(recordedAt), data, metadata,
});
