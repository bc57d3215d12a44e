import 'reflect-metadata';
import { runService } from '@refit/service';
import { trainingService } from './training.definition.js';

await runService(trainingService);
