import { datasetStream, type DatasetEvent, type EventMetadata } from '@refit/contracts';
import { datasetDecider, type DatasetState } from '@refit/data-validation';
import type { EventStore } from '@refit/event-store';
import { handle, load, type Loaded } from '@refit/saga';

/** The dataset's stream, folded once and kept up with what this step decides. */
export class DatasetLog {
  private constructor(
    private readonly store: EventStore,
    private readonly stream: string,
    private readonly metadata: EventMetadata,
    private loaded: Loaded<DatasetState>,
  ) {}

  static async open(store: EventStore, dataset: string, metadata: EventMetadata): Promise<DatasetLog> {
    const stream = datasetStream(dataset);
    return new DatasetLog(store, stream, metadata, await load(store, stream, datasetDecider));
  }

  get state(): DatasetState {
    return this.loaded.state;
  }

  /** Decides on the newest state, that of other runs included. */
  async decide(decide: (state: DatasetState) => readonly DatasetEvent[]): Promise<void> {
    this.loaded = await handle(this.store, this.stream, datasetDecider, decide, this.metadata, this.loaded);
  }
}
