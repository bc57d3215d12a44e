import type { MessageInitShape } from '@bufbuild/protobuf';
import { Task, type MetricGateSchema } from '../gen/refit/pipeline/v1/spec_pb.js';
import type { GateMapping } from './pipeline-file.js';

/** A gate's own name, or what it asks: `rocAuc origin=ATL at least 0.7`. */
export function gateName(gate: GateMapping): string {
  if (gate.name !== undefined) return gate.name;
  const subject = gate.slice === undefined ? gate.metric : `${gate.metric} ${gate.slice}`;
  if (gate.atLeast !== undefined) return `${subject} at least ${gate.atLeast}`;
  if (gate.atMost !== undefined) return `${subject} at most ${gate.atMost}`;
  const margin = gate.notWorseThanChampionBy ?? 0;
  return margin === 0 ? `${subject} not worse than champion` : `${subject} not worse than champion by ${margin}`;
}

export function metricGate(gate: GateMapping): MessageInitShape<typeof MetricGateSchema> {
  const { metric, slice = '', atLeast, atMost, notWorseThanChampionBy = 0 } = gate;
  const condition =
    atLeast !== undefined ? { case: 'atLeast' as const, value: atLeast }
    : atMost !== undefined ? { case: 'atMost' as const, value: atMost }
    : { case: 'notWorseThanChampionBy' as const, value: notWorseThanChampionBy };
  return { name: gateName(gate), metric, slice, condition };
}

/**
 * What a model must show when the file does not say: to be better than guessing, and no worse than the champion by the
 * measure of its task. While the task is not known, `primary` stands for that measure.
 */
export function defaultGates(task: Task): readonly MessageInitShape<typeof MetricGateSchema>[] {
  const metric = measures[task];
  return [
    { name: 'better than guessing', metric: 'primary', condition: { case: 'betterThanGuessing', value: true } },
    metricGate({ metric, notWorseThanChampionBy: 0 }),
  ];
}

const measures: Readonly<Record<Task, GateMapping['metric']>> = {
  [Task.UNSPECIFIED]: 'primary', [Task.BINARY]: 'rocAuc', [Task.MULTICLASS]: 'accuracy', [Task.REGRESSION]: 'rmse',
};
