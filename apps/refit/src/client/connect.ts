import type { DescService } from '@bufbuild/protobuf';
import { Client, credentials } from '@grpc/grpc-js';
import { AdminService, RegistryService, ValidationService } from '@refit/contracts';
import type { RefitAddresses, ServiceAddress } from './service-address.js';
import { serviceClient, type ServiceClient } from './service-client.js';

/** The services of a Refit installation. */
export interface RefitClient {
  readonly admin: ServiceClient<typeof AdminService>;
  readonly registry: ServiceClient<typeof RegistryService>;
  readonly validation: ServiceClient<typeof ValidationService>;
  close(): void;
}

/**
 * To `host:port`, where all services are, or to an address each; with the token of an operator, where operators are
 * named. Connects at the first call. Close it, or the process does not end.
 */
export function connect(to: string | RefitAddresses, token?: string): RefitClient {
  const { admin, registry, validation = admin }: RefitAddresses = typeof to === 'string' ? { admin: { address: to }, registry: { address: to } } : to;
  const channels = new Map<string, Client>();
  const channelTo = (address: string): Client => {
    const open = channels.get(address) ?? channel(address);
    channels.set(address, open);
    return open;
  };
  const client = <S extends DescService>(service: S, at: ServiceAddress): ServiceClient<S> => serviceClient(service, channelTo(at.address), at, token);
  return {
    admin: client(AdminService, admin),
    registry: client(RegistryService, registry),
    validation: client(ValidationService, validation),
    close: () => channels.forEach((open) => open.close()),
  };
}

const channel = (address: string) =>
  new Client(address, credentials.createInsecure(), {
    'grpc.max_receive_message_length': 32 * 1024 * 1024, // a run with all its events
    ...(isLoopback(address) && { 'grpc.enable_http_proxy': 0 }),
  });

const isLoopback = (address: string) => /^(localhost|127\.|\[::1\])/.test(address);
