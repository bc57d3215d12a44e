import type { MessageInitShape } from '@bufbuild/protobuf';
import { Controller } from '@nestjs/common';
import { GrpcMethod } from '@nestjs/microservices';
import type {
  DiscardDeadLetterRequest, ListDeadLettersRequest, ListDeadLettersResponseSchema, RetryDeadLetterRequest, RetryDeadLetterResponseSchema,
} from '@refit/contracts';
import { DeadLetters } from '../dead-letters/dead-letters.js';
import { pageSizeOf, pageTokenOf, placeIn } from './pages.js';
import { actorOf, bounded, required } from './request-checks.js';

/** Largest page: each letter has up to 32 KiB, and an answer at most 4 MiB. */
const largestPage = 50;

@Controller()
export class DeadLettersController {
  constructor(private readonly deadLetters: DeadLetters) {}

  @GrpcMethod('AdminService', 'ListDeadLetters')
  async listDeadLetters(request: ListDeadLettersRequest): Promise<MessageInitShape<typeof ListDeadLettersResponseSchema>> {
    const place = placeIn(request);
    const { letters, next } = await this.deadLetters.list({
      includeSettled: request.includeSettled, size: Math.min(pageSizeOf(request), largestPage), before: place === undefined ? undefined : Number(place),
    });
    return { letters, nextPageToken: pageTokenOf(next) };
  }

  @GrpcMethod('AdminService', 'RetryDeadLetter')
  async retryDeadLetter(request: RetryDeadLetterRequest): Promise<MessageInitShape<typeof RetryDeadLetterResponseSchema>> {
    const refusal = await this.deadLetters.retry(required('letter_id', request.letterId), actorOf(request));
    return { succeeded: refusal === undefined, reason: refusal ?? '' };
  }

  @GrpcMethod('AdminService', 'DiscardDeadLetter')
  async discardDeadLetter(request: DiscardDeadLetterRequest): Promise<object> {
    await this.deadLetters.discard(required('letter_id', request.letterId), actorOf(request), bounded('reason', request.reason));
    return {};
  }
}
