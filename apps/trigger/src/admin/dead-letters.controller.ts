import type { MessageInitShape } from '@bufbuild/protobuf';
import { Controller } from '@nestjs/common';
import { GrpcMethod } from '@nestjs/microservices';
import type {
  DiscardDeadLetterRequest, DiscardDeadLettersRequest, DiscardDeadLettersResponseSchema, GetDeadLetterRequest, GetDeadLetterResponseSchema,
  ListDeadLettersRequest, ListDeadLettersResponseSchema, RetryDeadLetterRequest, RetryDeadLetterResponseSchema,
} from '@refit/contracts';
import { DeadLetters, type DeadLetter } from '../dead-letters/dead-letters.js';
import { RetryLetter } from '../dead-letters/retry-letter.js';
import { actorOf, bounded, required, withTimeSpan } from './request-checks.js';

/** Largest page with bodies: each letter has up to 32 KiB, and an answer at most 4 MiB. */
const largestPage = { withBodies: 50, withoutBodies: 200 } as const;

/** Messages from outside that could not be taken. A letter is named by its id or a unique beginning of it. */
@Controller()
export class DeadLettersController {
  constructor(
    private readonly deadLetters: DeadLetters,
    private readonly retryLetter: RetryLetter,
  ) {}

  @GrpcMethod('AdminService', 'ListDeadLetters')
  async listDeadLetters(request: ListDeadLettersRequest): Promise<MessageInitShape<typeof ListDeadLettersResponseSchema>> {
    const { withoutBodies, pageSize, ...asked } = withTimeSpan(request);
    const largest = withoutBodies ? largestPage.withoutBodies : largestPage.withBodies;
    const { letters, nextPageToken } = await this.deadLetters.list({ ...asked, pageSize: Math.min(pageSize || largestPage.withBodies, largest) });
    return { letters: withoutBodies ? letters.map(withoutBody) : [...letters], nextPageToken };
  }

  @GrpcMethod('AdminService', 'GetDeadLetter')
  async getDeadLetter({ letterId }: GetDeadLetterRequest): Promise<MessageInitShape<typeof GetDeadLetterResponseSchema>> {
    return { letter: await this.deadLetters.get(required('letter_id', letterId)) };
  }

  @GrpcMethod('AdminService', 'RetryDeadLetter')
  async retryDeadLetter(request: RetryDeadLetterRequest): Promise<MessageInitShape<typeof RetryDeadLetterResponseSchema>> {
    const retried = await this.retryLetter.retry(required('letter_id', request.letterId), actorOf(request));
    const { letterId } = retried;
    return 'refusal' in retried ? { letterId, succeeded: false, reason: retried.refusal } : { letterId, succeeded: true, verdicts: [...retried.verdicts] };
  }

  @GrpcMethod('AdminService', 'DiscardDeadLetter')
  async discardDeadLetter(request: DiscardDeadLetterRequest): Promise<object> {
    await this.deadLetters.discard(required('letter_id', request.letterId), actorOf(request), bounded('reason', request.reason));
    return {};
  }

  @GrpcMethod('AdminService', 'DiscardDeadLetters')
  async discardDeadLetters(request: DiscardDeadLettersRequest): Promise<MessageInitShape<typeof DiscardDeadLettersResponseSchema>> {
    const { code, origin, since, until } = withTimeSpan(request);
    const filter = { code, origin, ...(since !== undefined && { since }), ...(until !== undefined && { until }) };
    return { discarded: await this.deadLetters.discardAll(filter, actorOf(request), bounded('reason', request.reason)) };
  }
}

const withoutBody = ({ parked, status }: DeadLetter): DeadLetter => ({ status, parked: { ...parked, body: new Uint8Array() } });
