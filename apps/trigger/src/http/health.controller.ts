import { Controller, Get, Inject } from '@nestjs/common';
import { RUNTIME, type Runtime } from '@refit/service';

@Controller('healthz')
export class HealthController {
  constructor(@Inject(RUNTIME) private readonly runtime: Pick<Runtime, 'store'>) {}

  /** Healthy when the event store answers. @throws RefitError STORE_UNAVAILABLE */
  @Get()
  async health(): Promise<{ status: 'ok' }> {
    await this.runtime.store.head();
    return { status: 'ok' };
  }
}
