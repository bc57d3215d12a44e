import { execFileSync } from 'node:child_process';

export interface RunningServer {
  /** Where it came from. */
  readonly from: string;
  readonly url: string;
  stop(): Promise<void>;
}

/** A KurrentDB for specs, or the reason why there is none. */
export type RealServer = RunningServer | { readonly missing: string };

const image = 'docker.kurrent.io/kurrent-lts/kurrentdb:26.0.3';
const startTimeoutMs = 180_000;

/** What `KURRENTDB_URL` names; else a container where a Docker engine answers. */
export async function realServer(): Promise<RealServer> {
  const url = process.env['KURRENTDB_URL'];
  if (url !== undefined) return { from: 'KURRENTDB_URL', url, stop: async () => {} };
  if (!doesDockerAnswer()) return { missing: 'KURRENTDB_URL is not set and no Docker engine answers' };
  try {
    return await container();
  } catch (error) {
    return { missing: `${image} cannot be started: ${error instanceof Error ? error.message : String(error)}` };
  }
}

async function container(): Promise<RunningServer> {
  // Loaded only here: it is large.
  const { GenericContainer, Wait } = await import('testcontainers');
  const started = await new GenericContainer(image)
    .withCommand(['--insecure', '--mem-db', '--run-projections=None'])
    .withExposedPorts(2113)
    .withWaitStrategy(Wait.forHttp('/health/live', 2113).forStatusCode(204))
    .withStartupTimeout(startTimeoutMs)
    .start();
  return {
    from: image,
    url: `kurrentdb://${started.getHost()}:${started.getMappedPort(2113)}?tls=false`,
    stop: async () => {
      await started.stop();
    },
  };
}

function doesDockerAnswer(): boolean {
  try {
    execFileSync('docker', ['info', '--format', '{{.ServerVersion}}'], { stdio: 'ignore', timeout: 10_000 });
    return true;
  } catch {
    return false;
  }
}
