import { Module } from '@nestjs/common';
import { DeadLettersController } from './admin/dead-letters.controller.js';
import { LogController } from './admin/log.controller.js';
import { PipelinesController } from './admin/pipelines.controller.js';
import { ReasonsController } from './admin/reasons.controller.js';
import { RunsController } from './admin/runs.controller.js';
import { AlertLog } from './alerts/alert-log.js';
import { Backfills } from './backfill/backfills.js';
import { BackfillsController } from './backfill/backfills.controller.js';
import { Clock } from './clock.js';
import { DeadLetters } from './dead-letters/dead-letters.js';
import { LetterBodies } from './dead-letters/letter-bodies.js';
import { LetterStream } from './dead-letters/letter-stream.js';
import { RetryLetter } from './dead-letters/retry-letter.js';
import { EventsController } from './http/events.controller.js';
import { DataFiles } from './intake/data-files.js';
import { Intake } from './intake/intake.js';
import { OutsideTopics } from './intake/outside-topics.js';
import { PipelineRegistry } from './pipelines/pipeline-registry.js';
import { ReadModels } from './runs/read-models.js';
import { Schedules } from './schedules/schedules.js';
import { RunHintsController } from './triggers/run-hints.controller.js';
import { Triggers } from './triggers/triggers.js';

/** Takes reasons to run, judges them and starts runs; answers AdminService and `POST /events`. */
@Module({
  controllers: [
    PipelinesController, ReasonsController, RunsController, DeadLettersController, LogController, BackfillsController, EventsController, RunHintsController,
  ],
  providers: [Clock, PipelineRegistry, ReadModels, Triggers, DataFiles, Intake, LetterStream, LetterBodies, DeadLetters, RetryLetter, OutsideTopics, Schedules, Backfills, AlertLog],
})
export class TriggerModule {}
