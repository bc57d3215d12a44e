import { RefitError } from '@refit/contracts';
import { connect } from '../client/index.js';
import { playFlights, type Stage } from './flights/flights-example.js';

export type { Stage } from './flights/flights-example.js';

/** Plays an example on a running Refit, as a client of its public interfaces. @throws RefitError REQUEST_INVALID */
export async function playExample(name: string, stage: Stage, tell: (remark: string) => void, signal: AbortSignal): Promise<void> {
  if (name !== 'flights') throw new RefitError('REQUEST_INVALID', `there is no example “${name}”; there is: flights`);
  const client = connect(stage.grpc);
  try {
    const apply = async (fileName: string, text: string, baseDirectory: string) => {
      await client.admin.applyPipeline({ fileName, text, baseDirectory, actor: 'example' });
    };
    await playFlights(stage, apply, tell, signal);
  } finally {
    client.close();
  }
}
