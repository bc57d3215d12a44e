import type { MessageInitShape } from '@bufbuild/protobuf';
import type { Metadata } from '@grpc/grpc-js';
import { Controller, Inject } from '@nestjs/common';
import { GrpcMethod } from '@nestjs/microservices';
import { runStream, streamSubject, type ReadEventsRequest, type ReadEventsResponseSchema } from '@refit/contracts';
import { RUNTIME, type Runtime } from '@refit/service';
import type { Observable } from 'rxjs';
import { readEvents } from '../log/read-events.js';
import { ReadModels } from '../runs/read-models.js';
import { observe, type ServerStream } from './observe.js';

@Controller()
export class LogController {
  constructor(
    @Inject(RUNTIME) private readonly runtime: Pick<Runtime, 'store'>,
    private readonly readModels: ReadModels,
  ) {}

  @GrpcMethod('AdminService', 'ReadEvents')
  readEvents(request: ReadEventsRequest, _metadata?: Metadata, call?: ServerStream): Observable<MessageInitShape<typeof ReadEventsResponseSchema>> {
    return observe((signal) => this.#read(request, signal), call);
  }

  async *#read(request: ReadEventsRequest, signal: AbortSignal): AsyncGenerator<MessageInitShape<typeof ReadEventsResponseSchema>> {
    yield* readEvents(this.runtime.store, { ...request, stream: await this.#stream(request.stream) }, signal);
  }

  /** A run's stream is named by a beginning of the run's id, too. @throws RefitError REQUEST_INVALID, RUN_NOT_FOUND */
  async #stream(name: string): Promise<string> {
    const isShort = name.startsWith(runStream('')) && !name.endsWith('*') && name.length < runStream('').length + 36;
    return isShort ? runStream(await this.readModels.runId(streamSubject(name))) : name;
  }
}
