import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

const patienceMs = 180_000;

/** Of any version, from any client: which requests do you take? A broker that is not ready closes the connection. */
const apiVersionsRequest = Buffer.from([0, 0, 0, 10, 0, 18, 0, 0, 0, 0, 0, 1, 0xff, 0xff]);

/** Resolves when the broker on this port answers a request; throws what `trouble` says in between, or after three minutes. */
export async function untilItAnswers(port: number, trouble: () => Promise<string | undefined>): Promise<void> {
  for (const until = Date.now() + patienceMs; Date.now() < until; await pause(50)) {
    if (await answers(port)) return;
    const why = await trouble();
    if (why !== undefined) throw new Error(why);
  }
  throw new Error(`no broker answers on port ${port} after ${patienceMs / 1000} s`);
}

async function answers(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    socket.setTimeout(2_000, () => socket.destroy(new Error('silent')));
    await once(socket, 'connect');
    socket.write(apiVersionsRequest);
    await Promise.race([once(socket, 'data'), once(socket, 'close').then(() => Promise.reject(new Error('closed')))]);
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
