import { Inject, Injectable } from '@nestjs/common';
import type { DeadLetterParked } from '@refit/contracts';
import { RUNTIME, type Runtime } from '@refit/service';

/** Bodies of dead letters that are too long for an event: an artifact each, deleted when the letter is discarded. */
@Injectable()
export class LetterBodies {
  constructor(@Inject(RUNTIME) private readonly runtime: Pick<Runtime, 'artifacts'>) {}

  /** @returns its hash. @throws RefitError DISK_FULL, DATA_DIRECTORY_UNUSABLE */
  keep(letterId: string, body: Uint8Array): Promise<string> {
    return this.runtime.artifacts.put(Buffer.concat([title(letterId), body]));
  }

  /** As it was received, as far as it was kept. @throws RefitError ARTIFACT_NOT_FOUND, ARTIFACT_CORRUPT */
  async of({ letterId, body, bodyHash }: DeadLetterParked): Promise<Uint8Array> {
    if (bodyHash === '') return body;
    return (await this.runtime.artifacts.get(bodyHash)).subarray(title(letterId).byteLength);
  }

  async forget(bodyHash: string): Promise<void> {
    if (bodyHash !== '') await this.runtime.artifacts.remove(bodyHash);
  }
}

/** So that the artifact is this letter's alone: what strangers send may be the bytes of another artifact, which must stay. */
const title = (letterId: string) => Buffer.from(`Body of the dead letter ${letterId}\n`);
