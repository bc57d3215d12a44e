import { Client, credentials } from '@grpc/grpc-js';
import { AdminService, RegistryService } from '@refit/contracts';
import type { RefitAddresses } from './service-address.js';
import { serviceClient, type ServiceClient } from './service-client.js';

/** Both services of a Refit installation. */
export interface RefitClient {
  readonly admin: ServiceClient<typeof AdminService>;
  readonly registry: ServiceClient<typeof RegistryService>;
  close(): void;
}

/**
 * To `host:port`, where both services are, or to an address each; with the token of an operator, where operators are
 * named. Connects at the first call. Close it, or the process does not end.
 */
export function connect(to: string | RefitAddresses, token?: string): RefitClient {
  const { admin, registry } = typeof to === 'string' ? { admin: { address: to }, registry: { address: to } } : to;
  const adminChannel = channel(admin.address);
  const registryChannel = registry.address === admin.address ? adminChannel : channel(registry.address);
  return {
    admin: serviceClient(AdminService, adminChannel, admin, token),
    registry: serviceClient(RegistryService, registryChannel, registry, token),
    close() {
      adminChannel.close();
      if (registryChannel !== adminChannel) registryChannel.close();
    },
  };
}

const channel = (address: string) =>
  new Client(address, credentials.createInsecure(), {
    'grpc.max_receive_message_length': 32 * 1024 * 1024, // a run with all its events
    ...(isLoopback(address) && { 'grpc.enable_http_proxy': 0 }),
  });

const isLoopback = (address: string) => /^(localhost|127\.|\[::1\])/.test(address);
