import { RefitError } from '@refit/contracts';
import { findToken } from '../cli/find-token.js';
import { connect } from '../client/index.js';
import { playFlights, type Stage } from './flights/flights-example.js';

export type { Stage } from './flights/flights-example.js';

/** Plays an example on a running Refit, as a client of its public interfaces; where operators are named, as the one whose token the environment has. @throws RefitError REQUEST_INVALID, UNAUTHENTICATED */
export async function playExample(name: string, stage: Stage, tell: (remark: string) => void, signal: AbortSignal): Promise<void> {
  if (name !== 'flights') throw new RefitError('REQUEST_INVALID', `there is no example “${name}”; there is: flights`);
  const token = findToken({}, process.env);
  const client = connect(stage.grpc, token);
  try {
    const apply = async (fileName: string, text: string, baseDirectory: string) => {
      await client.admin.applyPipeline({ fileName, text, baseDirectory, actor: 'example' });
    };
    await playFlights({ ...stage, token }, apply, tell, signal);
  } finally {
    client.close();
  }
}
