import { pathText, type PipelineFault } from './fault.js';
import { checkDataGate, checkEvaluation, checkLabel, checkModelGate, checkTrainer } from './check-model-keys.js';
import { checkSource, checkSplit, checkWindow } from './check-data-keys.js';
import { checkDataGateLimits } from './data-gate-limits.js';
import { checkExpectations } from './check-expectations.js';
import { checkSchedules, checkWaits } from './check-triggers.js';
import type { PipelineFile } from './pipeline-file.js';

/** A rule that no schema can say: it looks at several keys, or at what a text means. */
interface Rule {
  /** The parts of the file that it reads. */
  readonly reads: readonly string[];
  readonly check: (file: PipelineFile) => readonly PipelineFault[];
}

const rules: readonly Rule[] = [
  { reads: ['source', 'dataset'], check: checkSource },
  { reads: ['source'], check: checkWindow },
  { reads: ['source', 'split'], check: checkSplit },
  { reads: ['triggers.schedule'], check: checkSchedules },
  { reads: ['triggers.onData'], check: checkWaits },
  { reads: ['dataGate'], check: checkDataGate },
  { reads: ['dataGate'], check: checkDataGateLimits },
  { reads: ['dataGate.expectations'], check: checkExpectations },
  { reads: ['label'], check: checkLabel },
  { reads: ['trainer', 'split'], check: checkTrainer },
  { reads: ['evaluation'], check: checkEvaluation },
  { reads: ['modelGate', 'evaluation'], check: checkModelGate },
];

/** Faults beyond the schema, from every rule whose parts have the right shape: a fault in one place hides no other. */
export function checkMeaning(value: unknown, misshapen: readonly PipelineFault[]): readonly PipelineFault[] {
  // A key that is only misspelt is not missing: it stands in for the one that was meant.
  const bad = misshapen.map(({ path, meant }) => pathText(meant === undefined ? path : [...path.slice(0, -1), meant]));
  const readable = ({ reads }: Rule) => !reads.some((part) => bad.some((fault) => part.startsWith(fault) || fault.startsWith(part)));
  return rules.filter(readable).flatMap(({ check }) => check(value as PipelineFile)); // each rule reads only parts that passed the schema
}
