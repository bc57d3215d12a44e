import { Controller, Inject } from '@nestjs/common';
import { GrpcMethod } from '@nestjs/microservices';
import type { MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { RefitError, type DriftMeasurementSchema, type ListDriftRequest, type ListDriftResponseSchema } from '@refit/contracts';
import { RUNTIME, type Runtime } from '@refit/service';
import { bounded, required } from '../schema/request-checks.js';
import { measuredRun, runsOn } from './measured-runs.js';
import { measuresFilter, type MeasuresFilter } from './measures-filter.js';

const [usualPage, largestPage] = [50, 500];
/** A filter that nothing fits must not read all runs that ever were in one call. */
const mostRunsRead = 100;

/** ValidationService, what was measured of drift: the runs of a dataset are in its own stream, their measurements in theirs. */
@Controller()
export class DriftController {
  constructor(@Inject(RUNTIME) private readonly runtime: Pick<Runtime, 'store' | 'artifacts'>) {}

  @GrpcMethod('ValidationService', 'ListDrift')
  async listDrift(request: ListDriftRequest): Promise<MessageInitShape<typeof ListDriftResponseSchema>> {
    const filter = measuresFilter(request);
    const runs = await this.#runs(request);
    const size = Math.min(request.pageSize || usualPage, largestPage);
    const measurements: MessageInitShape<typeof DriftMeasurementSchema>[] = [];
    let [run, place] = firstPlace(request.pageToken, runs);
    for (let read = 0; run < runs.length && read < mostRunsRead; read++, run++, place = 0) {
      const found = (await this.#measurements(runs[run] ?? '', filter, request.runId !== '')).slice(place);
      const room = size - measurements.length;
      measurements.push(...found.slice(0, room));
      if (found.length > room) return { measurements, nextPageToken: token(runs[run] ?? '', place + room) };
    }
    return { measurements, nextPageToken: run < runs.length ? token(runs[run] ?? '', 0) : '' };
  }

  /** Of one run, or all on a dataset, the newest first. */
  async #runs({ runId, dataset }: ListDriftRequest): Promise<readonly string[]> {
    if (runId === '' && dataset === '') throw new RefitError('REQUEST_INVALID', 'name a run or a dataset');
    return runId === '' ? runsOn(this.runtime.store, required('dataset', dataset)) : [bounded('run_id', runId, 200)];
  }

  /** @param isAsked by its id: then it has to be there */
  async #measurements(runId: string, { ofRun, ofMeasure }: MeasuresFilter, isAsked: boolean): Promise<readonly MessageInitShape<typeof DriftMeasurementSchema>[]> {
    const measured = await measuredRun(this.runtime, runId);
    if (!measured && isAsked) throw new RefitError('RUN_NOT_FOUND', `there is no run ${runId.slice(0, 70)} whose data was judged; see refit runs`);
    if (!measured || !ofRun(measured)) return [];
    const { measures, measuredAt, ...about } = measured;
    return measures.filter(ofMeasure).map((measure) => ({ ...about, measure, measuredAt: timestampFromMs(measuredAt) }));
  }
}

/** A run keeps its place among its measurements, whatever runs come after it. */
const token = (runId: string, place: number) => Buffer.from(JSON.stringify([runId, place])).toString('base64url');

function firstPlace(pageToken: string, runs: readonly string[]): [run: number, place: number] {
  if (pageToken === '') return [0, 0];
  try {
    const [runId, place]: unknown[] = JSON.parse(Buffer.from(pageToken, 'base64url').toString());
    const run = runs.indexOf(String(runId));
    if (run >= 0 && typeof place === 'number' && Number.isInteger(place) && place >= 0) return [run, place];
  } catch {
    // Not JSON: refused below, like anything else that is no place.
  }
  throw new RefitError('REQUEST_INVALID', 'page_token is not one that this list gave out: use the next_page_token of the page before, or none');
}
