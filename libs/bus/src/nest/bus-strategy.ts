import { type CustomTransportStrategy, Server } from '@nestjs/microservices';
import { isObservable, lastValueFrom } from 'rxjs';
import type { Bus, BusMessage } from '../bus.js';
import { BusContext } from './bus-context.js';

/** Transport id of the bus, for handlers that name their transport. */
export const BUS_TRANSPORT = Symbol('refit.bus');

/**
 * Binds the `@EventPattern<string>('refit.run.v1.DataIngested')` handlers of a Nest application to the bus, as one
 * subscriber of a consumer group. Payload: the event's proto3 JSON; context: `BusContext`.
 *
 * A handler that throws is reported to the bus, which logs and counts it.
 */
export class BusStrategy extends Server implements CustomTransportStrategy {
  override readonly transportId: symbol = BUS_TRANSPORT;
  /** Nest hands failures to us, and we to the bus, instead of only printing them. */
  override readonly propagatesEventHandlerErrors = true;
  readonly #bus: Bus;
  readonly #group: string;
  #unsubscribe: () => Promise<void> = async () => {};
  #unknownTypes = 0;

  constructor(bus: Bus, group: string) {
    super();
    this.#bus = bus;
    this.#group = group;
  }

  /** Messages of types that no handler here is for; they are acknowledged. */
  get unknownTypes(): number {
    return this.#unknownTypes;
  }

  async listen(callback: (error?: unknown) => void): Promise<void> {
    const failure = await this.#subscribe().then(() => undefined, (error: unknown) => error);
    callback(failure);
  }

  async close(): Promise<void> {
    await this.#unsubscribe();
  }

  override on(): never {
    throw new Error('the bus emits no transport events');
  }

  override unwrap<T>(): T {
    return this.#bus as T; // the caller says what it expects behind the strategy, as with every Nest transport
  }

  async #subscribe() {
    const types = [...this.messageHandlers.keys()];
    const requests = types.filter((type) => !this.messageHandlers.get(type)?.isEventHandler);
    if (requests.length > 0) {
      throw new Error(`the bus carries events only: use @EventPattern instead of @MessagePattern for ${requests.join(', ')}`);
    }
    this.#unsubscribe = await this.#bus.subscribe(this.#group, types, (message) => this.#handle(message));
  }

  async #handle(message: BusMessage) {
    const handler = this.messageHandlers.get(message.type);
    if (handler === undefined) {
      this.#unknownTypes++;
      return;
    }
    // Nest chains the handlers of one pattern: the first one calls the others, and the stream ends after the last.
    const result: unknown = await handler(message.data, new BusContext([message]));
    if (isObservable(result)) await lastValueFrom(result, { defaultValue: undefined }).catch(rethrow(message.type));
  }
}

/** Nest's exception filter logs the error itself and leaves a plain object in the stream. */
const rethrow = (type: string) => (failure: unknown) => {
  throw failure instanceof Error ? failure : new Error(`the handler of ${type} failed: ${JSON.stringify(failure)}`);
};
