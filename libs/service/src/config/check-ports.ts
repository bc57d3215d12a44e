import { wrong, type ConfigRule } from './config-rule.js';
import type { ConfigValues } from './config-values.js';
import type { ConfigProblem } from './origin.js';
import { serviceNames } from './service-name.js';
import { settings } from './setting.js';

const isPortOf = (service: string) => ({ path }: { readonly path: string }) => path.startsWith(`services.${service}.`) && path.endsWith('Port');

/** Ports of the services, each with whose it is. */
const servicePorts = (): readonly { readonly path: string; readonly service: string }[] =>
  serviceNames.flatMap((service) => settings().filter(isPortOf(service)).map(({ path }) => ({ path, service })));

const ofThisProcess: ConfigRule = {
  reads: ['httpPort', 'grpcPort'],
  check: (values) => bothOf(values, 'httpPort', 'grpcPort'),
};

const ofEachService = serviceNames.map((service): ConfigRule => ({
  reads: [`services.${service}.httpPort`, `services.${service}.grpcPort`],
  check: (values, own) => {
    const [http, grpc] = servicePorts().filter((port) => port.service === service);
    return own !== undefined || http === undefined || grpc === undefined ? [] : bothOf(values, http.path, grpc.path);
  },
}));

/** On machines of their own services may share a port; on one machine the second of them could not start. */
const ofTwoServices: ConfigRule = {
  reads: [],
  check: (values, own) => {
    if (own !== undefined) return [];
    const ports = servicePorts().filter(({ path }) => values.isValid(path) && values.number(path) !== 0);
    return ports.flatMap((port, i) => {
      const earlier = ports.slice(0, i).find((other) => other.service !== port.service && values.number(other.path) === values.number(port.path));
      if (earlier === undefined) return [];
      const [path, other] = values.isGiven(port.path) ? [port.path, earlier.path] : [earlier.path, port.path];
      return [{ ...wrong(values, path, `${other} is ${values.number(path)} too: on one machine only one of the two can have it`), severity: 'warning' as const }];
    });
  },
};

function bothOf(values: ConfigValues, http: string, grpc: string): readonly ConfigProblem[] {
  const port = values.number(grpc);
  if (port === 0 || port !== values.number(http)) return [];
  return [wrong(values, values.isGiven(grpc) ? grpc : http, `HTTP and gRPC cannot both have port ${port}: give one of them another`)];
}

export const checkPorts: readonly ConfigRule[] = [ofThisProcess, ...ofEachService, ofTwoServices];
