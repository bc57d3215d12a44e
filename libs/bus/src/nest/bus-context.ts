import { BaseRpcContext } from '@nestjs/microservices';
import type { BusMessage } from '../bus.js';

/** What a handler's `@Ctx()` is: the whole message; the payload is only its data. */
export class BusContext extends BaseRpcContext<[message: BusMessage]> {
  getMessage(): BusMessage {
    return this.args[0];
  }
}
