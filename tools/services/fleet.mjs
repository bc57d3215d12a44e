import { SupervisedService } from './supervised-service.mjs';

/** In the order in which they are started. */
const services = ['registry', 'evaluation', 'training', 'validation', 'ingestion', 'trigger'];

/** Every service, as often as asked for. */
export class Fleet {
  #members;

  constructor({ settings, instances, verbose, env }) {
    const all = Array.from({ length: instances }, () => services).flat();
    this.#members = all.map((service) => new SupervisedService(service, { settings, verbose, env }));
  }

  get size() {
    return this.#members.length;
  }

  /** Resolves when all are up; the first of each service has the ports of the configuration. @throws Error when one cannot start */
  async start() {
    for (let i = 0; i < this.#members.length; i += services.length) await Promise.all(this.#members.slice(i, i + services.length).map((member) => member.start()));
  }

  addresses() {
    const of = (service) => this.#members.find((member) => member.service === service).ready;
    return { http: of('trigger').http, grpc: of('trigger').grpc, registry: of('registry').grpc, validation: of('validation').grpc };
  }

  /** Rejects when a service cannot be started again. */
  get failed() {
    return Promise.race(this.#members.map((member) => member.failed));
  }

  async stop() {
    await Promise.all(this.#members.map((member) => member.stop()));
  }
}
