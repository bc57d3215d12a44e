import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Broker, BrokerOptions } from './broker.ts';
import { brokerSettings } from './broker-settings.ts';
import { freePort } from './free-port.ts';
import { untilItAnswers } from './until-it-answers.ts';

const image = 'apache/kafka:4.3.1';
const run = promisify(execFile);
const docker = async (...args: readonly string[]) => (await run('docker', [...args], { timeout: 300_000 })).stdout.trim();

export async function startDockerBroker({ port, settings = {} }: BrokerOptions): Promise<Broker> {
  const at = port ?? (await freePort());
  const all = { ...brokerSettings({ host: '0.0.0.0', port: at, controllerPort: at === 9093 ? 9094 : 9093 }), ...settings };
  // The image turns KAFKA_SOME_NAME into the property some.name.
  const environment = Object.entries(all).flatMap(([name, value]) => ['-e', `KAFKA_${name.toUpperCase().replaceAll('.', '_')}=${value}`]);
  const container = await docker('run', '-d', '-p', `127.0.0.1:${at}:${at}`, ...environment, image);
  const broker = new DockerBroker(container, at);
  await broker.ready();
  return broker;
}

class DockerBroker implements Broker {
  readonly brokers: string;
  readonly about = `Apache Kafka (${image}, Docker)`;
  readonly pid = undefined;
  readonly #container: string;
  readonly #port: number;

  constructor(container: string, port: number) {
    this.#container = container;
    this.#port = port;
    this.brokers = `127.0.0.1:${port}`;
  }

  ready(): Promise<void> {
    return untilItAnswers(this.#port, async () => {
      const state = await docker('inspect', '-f', '{{.State.Status}}', this.#container);
      return state === 'exited' ? `the container ended: ${await docker('logs', '--tail', '5', this.#container)}` : undefined;
    });
  }

  async kill(): Promise<void> {
    await docker('kill', this.#container).catch(() => undefined);
  }

  async stop(): Promise<void> {
    await docker('rm', '-f', '-v', this.#container);
  }

  async restart(): Promise<void> {
    await this.kill();
    await docker('start', this.#container);
    await this.ready();
  }

  async stall(): Promise<void> {
    await docker('pause', this.#container);
  }

  async resume(): Promise<void> {
    await docker('unpause', this.#container);
  }
}
