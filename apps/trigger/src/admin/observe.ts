import { once } from 'node:events';
import type { Writable } from 'node:stream';
import { Observable } from 'rxjs';

/** The call that a stream is written to, as Nest hands it to a handler. */
export type ServerStream = Pick<Writable, 'writableNeedDrain' | 'once' | 'off' | 'on'>;

/**
 * What a generator yields, as an observable for a server stream. The generator goes on only when the client has taken what
 * came before, and its signal is aborted when the client goes away.
 */
export function observe<T>(generate: (signal: AbortSignal) => AsyncIterable<T>, call?: ServerStream): Observable<T> {
  return new Observable<T>((subscriber) => {
    const stopping = new AbortController();
    void (async () => {
      try {
        for await (const value of generate(stopping.signal)) {
          if (stopping.signal.aborted) return;
          subscriber.next(value);
          if (call?.writableNeedDrain) await once(call as Writable, 'drain', { signal: stopping.signal }); // `once` needs no more of it
        }
        subscriber.complete();
      } catch (error) {
        if (!stopping.signal.aborted) subscriber.error(error);
      }
    })();
    return () => stopping.abort();
  });
}
