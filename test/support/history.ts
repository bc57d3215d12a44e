import { decodeEvent, type DomainEvent } from '@refit/contracts';
import type { EventStore } from '@refit/event-store';

/** What a history came to, without ids and times: equal for every order of crashes and messages. */
export interface History {
  readonly verdicts: readonly string[];
  readonly runs: readonly RunHistory[];
  readonly versions: readonly string[];
  readonly champions: readonly string[];
}

interface RunHistory {
  readonly batches: readonly string[];
  readonly end: string;
  readonly findings: readonly string[];
}

/** Reads a history off the log: of everything, or of one pipeline, its dataset and its model, which all have its name. */
export async function historyOf(store: EventStore, pipeline?: string): Promise<History> {
  const runs = new Map<string, { batches: string[]; end: string; findings: string[] }>();
  const verdicts: string[] = [];
  const versions: string[] = [];
  const champions: string[] = [];
  for await (const recorded of store.readAll()) {
    const event = decodeEvent(recorded);
    if (!event) continue;
    if (pipeline !== undefined && !isOf(pipeline, recorded.stream, event)) continue;
    if (event.$typeName === 'refit.run.v1.RunRequested') runs.set(recorded.stream, { batches: event.batches.map((b) => b.name), end: 'open', findings: [] });
    if (event.$typeName === 'refit.trigger.v1.ReasonJudged') verdicts.push(event.reason?.id ?? '');
    if (event.$typeName === 'refit.model.v1.VersionRegistered') versions.push(`v${event.version} ${event.artifactHash}`);
    if (event.$typeName === 'refit.model.v1.AliasMoved') champions.push(`${event.fromVersion} → ${event.toVersion}`);
    const run = runs.get(recorded.stream);
    if (!run) continue;
    run.findings.push(...findings(event));
    if (/\.Run(Completed|Failed|Cancelled)$/.test(recorded.type)) run.end = recorded.type + ('summary' in event ? `: ${event.summary}` : '');
  }
  return { verdicts: [...new Set(verdicts)], runs: [...runs.values()], versions, champions };
}

/** The history of a pipeline of another name as if that were `shop`. */
export const asShop = (history: History, name: string): History => JSON.parse(JSON.stringify(history).replaceAll(name, 'shop')) as History; // names are part of texts only

/** Of a run only its request tells: whose run it is not then is passed over by whoever reads on. */
function isOf(pipeline: string, stream: string, event: DomainEvent): boolean {
  if (event.$typeName === 'refit.run.v1.RunRequested') return event.pipeline === pipeline;
  return stream.startsWith('run-') || [`trigger-${pipeline}`, `model-${pipeline}`].includes(stream);
}

/** The hashes, numbers and verdicts of a step's outcome. */
function findings(event: DomainEvent): string[] {
  switch (event.$typeName) {
    case 'refit.run.v1.DataIngested': return [`snapshot ${event.window?.hash} of ${event.windowBatches.join(' ')}`];
    case 'refit.run.v1.DataValidated': return [`accepted ${event.acceptedBatches.join(' ')}`];
    case 'refit.run.v1.DataRejected': return [`rejected ${event.rejectedBatches.join(' ')}: ${event.anomalies.map((a) => `${a.kind} ${a.column}`).join(', ')}`];
    case 'refit.run.v1.DataTransformed': return [`transforms ${event.transformsHash}`];
    case 'refit.run.v1.ModelTrained': return [`artifact ${event.artifactHash}`];
    case 'refit.run.v1.ModelEvaluated': return [`metrics ${event.metrics.map((m) => `${m.name} ${m.value}`).join(' ')}, beside v${event.comparison?.championVersion}`];
    case 'refit.run.v1.ModelAccepted': return ['accepted'];
    case 'refit.run.v1.ModelRejected': return ['rejected'];
    case 'refit.run.v1.ModelRegistered': return [`registered v${event.version}`];
    default: return [];
  }
}
