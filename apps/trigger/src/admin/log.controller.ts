import type { MessageInitShape } from '@bufbuild/protobuf';
import type { Metadata } from '@grpc/grpc-js';
import { Controller, Inject } from '@nestjs/common';
import { GrpcMethod } from '@nestjs/microservices';
import type { ReadEventsRequest, ReadEventsResponseSchema } from '@refit/contracts';
import { RUNTIME, type Runtime } from '@refit/service';
import type { Observable } from 'rxjs';
import { readEvents } from '../log/read-events.js';
import { observe, type ServerStream } from './observe.js';

@Controller()
export class LogController {
  constructor(@Inject(RUNTIME) private readonly runtime: Pick<Runtime, 'store'>) {}

  @GrpcMethod('AdminService', 'ReadEvents')
  readEvents(request: ReadEventsRequest, _metadata?: Metadata, call?: ServerStream): Observable<MessageInitShape<typeof ReadEventsResponseSchema>> {
    return observe((signal) => readEvents(this.runtime.store, request, signal), call);
  }
}
