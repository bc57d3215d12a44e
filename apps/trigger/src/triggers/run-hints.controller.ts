import { Controller } from '@nestjs/common';
import { Ctx, EventPattern } from '@nestjs/microservices';
import { BusContext } from '@refit/bus/nest';
import { streamSubject } from '@refit/contracts';
import { Triggers } from './triggers.js';

/** The end of a run is heard at once over the bus, and found by the scan otherwise. */
@Controller()
export class RunHintsController {
  constructor(private readonly triggers: Triggers) {}

  @EventPattern<string[]>(['refit.run.v1.RunCompleted', 'refit.run.v1.RunFailed', 'refit.run.v1.RunCancelled'])
  async runEnded(@Ctx() context: BusContext): Promise<void> {
    await this.triggers.runMayHaveEnded(streamSubject(context.getMessage().stream));
  }
}
