import { Controller, Get, Inject } from '@nestjs/common';
import { eventLoopDelay, RUNTIME, type EventLoopDelay, type Runtime } from '@refit/service';

@Controller('healthz')
export class HealthController {
  constructor(@Inject(RUNTIME) private readonly runtime: Pick<Runtime, 'store'>) {}

  /** Healthy when the event store answers; with how long the event loop keeps everybody waiting. @throws RefitError STORE_UNAVAILABLE */
  @Get()
  async health(): Promise<{ readonly status: 'ok'; readonly eventLoopDelayMs?: EventLoopDelay }> {
    await this.runtime.store.head();
    const delay = eventLoopDelay();
    return { status: 'ok', ...(delay && { eventLoopDelayMs: delay }) };
  }
}
