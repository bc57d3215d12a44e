/** How a job in a worker thread speaks while it works. */
export interface JobContext {
  /** Aborted when the job is to stop. */
  readonly signal: AbortSignal;
  /**
   * For work in native code (DuckDB): a thread that is ended in the middle of it takes the process with it, so it is not
   * ended meanwhile. The work must end soon after the signal.
   */
  readonly native: <T>(work: () => Promise<T>) => Promise<T>;
  progress(fraction: number, message: string): void;
}

/** The default export of a worker file. Input and output are structured-cloned; typed arrays may be transferred. */
export type Job<Input, Output> = (input: Input, context: JobContext) => Promise<Output> | Output;

/** Warm worker threads for CPU-bound JavaScript, shared by the services of a process. */
export interface WorkerPool {
  /**
   * Runs the job that `file` exports by default (see `workerFile`).
   *
   * A job stopped by the signal is asked to end; one that does not is ended with its thread, which is replaced. RefitErrors thrown inside arrive as themselves.
   *
   * @throws RefitError WORKER_LOST when the thread died, TRAINING_FAILED when it went over its memory limit; the signal's reason
   */
  run<Input, Output>(
    file: URL,
    input: Input,
    options: { readonly signal: AbortSignal; readonly progress?: (fraction: number, message: string) => void },
  ): Promise<Output>;
  close(): Promise<void>;
}

/** The compiled worker file beside a module: `workerFile(import.meta.url, './train.worker.js')`, also when tests run from `src`. */
export const workerFile = (moduleUrl: string, relative: string): URL => new URL(new URL(relative, moduleUrl).href.replace('/src/', '/dist/'));
