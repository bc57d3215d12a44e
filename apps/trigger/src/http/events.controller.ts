import { toJson } from '@bufbuild/protobuf';
import { Controller, HttpCode, Inject, Post, Req, Res, UseGuards, type OnApplicationBootstrap } from '@nestjs/common';
import {
  isRefitError, loadCloudEvents, maximumCloudEventBytes, parseCloudEvent, ReasonJudgedSchema, type CloudEventMessage, type OutsideEvent, type RefitError,
} from '@refit/contracts';
import { RUNTIME, type GuardedRequest, type Runtime } from '@refit/service';
import type { Response } from 'express';
import { DeadLetters } from '../dead-letters/dead-letters.js';
import { Intake, type PipelineVerdict } from '../intake/intake.js';
import { LocalRequestGuard } from './local-request.guard.js';
import { readBody } from './read-body.js';

/** CloudEvents in, over HTTP: data arrived, a model decays. */
@Controller('events')
@UseGuards(LocalRequestGuard)
export class EventsController implements OnApplicationBootstrap {
  constructor(
    @Inject(RUNTIME) private readonly runtime: Pick<Runtime, 'logger'>,
    private readonly intake: Intake,
    private readonly deadLetters: DeadLetters,
  ) {}

  /** The first event would otherwise hold up everybody else. */
  async onApplicationBootstrap(): Promise<void> {
    await loadCloudEvents();
  }

  /** Answers each pipeline's verdict. What is refused is answered with the reason, and kept as a dead letter. */
  @Post()
  @HttpCode(202)
  async post(@Req() request: GuardedRequest, @Res({ passthrough: true }) response: Response): Promise<object> {
    const message = { headers: request.headers, body: await readBody(request, maximumCloudEventBytes) };
    try {
      const taken = await this.#take(message, request.operator);
      const { source, id, warnings } = taken.event;
      return { source, id, verdicts: taken.verdicts.map(verdictJson), ...(warnings && { warnings }) };
    } catch (error) {
      // Our own trouble: the sender still has the message and tries again.
      if (!isRefitError(error) || error.retryable || error.category === 'internal') throw error;
      return this.#refuse(message, error, response);
    }
  }

  async #take(message: CloudEventMessage, operator: string | undefined): Promise<{ event: OutsideEvent; verdicts: readonly PipelineVerdict[] }> {
    const event = await parseCloudEvent(message);
    return { event, verdicts: await this.intake.take(event, operator) };
  }

  async #refuse(message: CloudEventMessage, refusal: RefitError, response: Response): Promise<object> {
    const [letterId] = await this.deadLetters.park([{ message, refusal, origin: 'http' }]);
    this.runtime.logger.warn({ code: refusal.code, letterId }, refusal.message);
    const oversize = message.body.byteLength > maximumCloudEventBytes;
    response.status(oversize ? 413 : statusOf[refusal.category] ?? 400);
    return { code: refusal.code, message: refusal.message, details: refusal.details, letterId };
  }
}

const statusOf: Partial<Record<RefitError['category'], number>> = { 'not-found': 404, conflict: 409, denied: 403, data: 422 };

const verdictJson = ({ pipeline, judged }: PipelineVerdict) => ({ pipeline, ...(toJson(ReasonJudgedSchema, judged) as object) }); // a message's JSON is an object
