import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { servicesWithSteps } from '../hand-off/steps-of-nothing.ts';
import type { Marks } from './marks.ts';
import type { Order } from './service-of-nothing.ts';

/** The saga's services as separate processes on Kafka and one SQLite store, with steps that do nothing. */
export interface ServicesOfNothing {
  /** From now on steps take so long, in milliseconds. */
  takeSteps(stepMs: number): Promise<void>;
  /** So many runs, some of them at once; the milliseconds that they took. */
  run(runs: number, inFlight: number): Promise<number>;
  /** What each process took down since the last time. */
  marks(): Promise<readonly Marks[]>;
  stop(): Promise<void>;
}

/** The trigger comes first and so holds the relay: a step's outcome is always of another process. */
export async function startServicesOfNothing(env: NodeJS.ProcessEnv): Promise<ServicesOfNothing> {
  const trigger = await Service.start('trigger', env);
  const others = await Promise.all(servicesWithSteps.map(([name]) => Service.start(name, env)));
  const all = [...others, trigger];
  return {
    async run(runs, inFlight) {
      const { ms } = (await trigger.obeys({ order: 'run', runs, inFlight })) as { ms: number }; // as the process answers
      return ms;
    },
    async takeSteps(stepMs) {
      await Promise.all(others.map((service) => service.obeys({ order: 'steps', stepMs })));
    },
    marks: () => Promise.all(all.map(async (service) => (await service.obeys({ order: 'marks' })) as Marks)), // as the process answers
    async stop() {
      await Promise.all(others.map((service) => service.stop()));
      await trigger.stop();
    },
  };
}

class Service {
  readonly #name: string;
  readonly #child: ChildProcess;
  readonly #ended: Promise<never>;

  private constructor(name: string, child: ChildProcess) {
    this.#name = name;
    this.#child = child;
    this.#ended = once(child, 'exit').then(([code]) => Promise.reject(new Error(`${this.#name} ended with ${code}`)));
    this.#ended.catch(() => {}); // whoever waits hears of it
  }

  static async start(name: string, env: NodeJS.ProcessEnv): Promise<Service> {
    const child = fork(join(import.meta.dirname, 'service-of-nothing.ts'), [name], { env, execArgv: ['--disable-warning=ExperimentalWarning'], stdio: ['ignore', 2, 2, 'ipc'] });
    const service = new Service(name, child);
    await Promise.race([once(child, 'message'), service.#ended]);
    return service;
  }

  async obeys(order: Order): Promise<unknown> {
    this.#child.send(order);
    const [answer] = await Promise.race([once(this.#child, 'message'), this.#ended]);
    return answer;
  }

  async stop(): Promise<void> {
    await this.obeys({ order: 'stop' });
    await this.#ended.catch(() => {}); // as it was told to
  }
}
