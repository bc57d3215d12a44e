import type { DescService } from '@bufbuild/protobuf';
import grpc from '@grpc/grpc-js';
import { ReflectionService } from '@grpc/reflection';
import { ServerGrpc } from '@nestjs/microservices';
import { HealthImplementation } from 'grpc-health-check';
import { Health, RefitError } from '@refit/contracts';
import { packageDefinition, serviceDefinition } from './package-definition.js';

const maximumMessageBytes = 4 * 1024 * 1024;

/** One gRPC server for all services of a process, with reflection and health. */
export class GrpcHost {
  readonly #server = new grpc.Server({ 'grpc.max_receive_message_length': maximumMessageBytes });
  readonly #health = new HealthImplementation();
  readonly #services = new Set<DescService>();
  #isComplete = false;

  /** What a Nest application connects as a microservice to serve these services here. */
  strategy(services: readonly DescService[]): ServerGrpc {
    for (const service of services) {
      if (this.#services.has(service)) this.#server.removeService(serviceDefinition(service)); // its application is started again
      this.#services.add(service);
    }
    return new HostedGrpc(this.#server, services);
  }

  /** Some service of the process answers gRPC. */
  get isNeeded(): boolean {
    return this.#services.size > 0;
  }

  /** What the health service says of the process and of each of its services. */
  setServing(serving: boolean): void {
    for (const service of ['', ...[...this.#services].map((s) => s.typeName)]) this.#health.setStatus(service, serving ? 'SERVING' : 'NOT_SERVING');
  }

  /** Opens the address, once every application has been connected. @throws RefitError PORT_TAKEN */
  async listen(host: string, port: number): Promise<number> {
    // What grpc-js would print about an address in use is thrown below, in words.
    if (!process.env['GRPC_VERBOSITY']) grpc.setLogVerbosity(grpc.logVerbosity.NONE);
    this.#complete();
    this.setServing(true);
    return await new Promise((resolve, reject) => {
      this.#server.bindAsync(`${host.includes(':') ? `[${host}]` : host}:${port}`, grpc.ServerCredentials.createInsecure(), (error, bound) => {
        if (error) reject(new RefitError('PORT_TAKEN', `gRPC cannot listen on ${host}:${port}: is another Refit running there? Choose another with --grpc-port`, { cause: error }));
        else resolve(bound);
      });
    });
  }

  /** Adds what every server has besides its services; once, also when a second address is tried. */
  #complete(): void {
    if (this.#isComplete) return;
    this.#isComplete = true;
    new ReflectionService(packageDefinition(...this.#services, Health)).addToServer(this.#server);
    this.#health.addToServer(this.#server);
  }

  /** Waits for calls under way, but not for streams that nobody ends. */
  async close(): Promise<void> {
    this.setServing(false);
    const force = setTimeout(() => this.#server.forceShutdown(), 500);
    await new Promise<void>((resolve) => this.#server.tryShutdown(() => resolve()));
    clearTimeout(force);
  }
}

/** Nest's gRPC server, but on a server that others share and that is opened and closed by its host. */
class HostedGrpc extends ServerGrpc {
  constructor(private readonly shared: grpc.Server, services: readonly DescService[]) {
    super({ package: [...new Set(services.map((s) => s.typeName.slice(0, s.typeName.lastIndexOf('.'))))], packageDefinition: packageDefinition(...services) });
  }

  override createClient(): Promise<grpc.Server> {
    return Promise.resolve(this.shared);
  }

  override close(): Promise<void> {
    return Promise.resolve();
  }
}
