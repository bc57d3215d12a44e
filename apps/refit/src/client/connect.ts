import { Client, credentials } from '@grpc/grpc-js';
import { AdminService, RegistryService } from '@refit/contracts';
import { serviceClient, type ServiceClient } from './service-client.js';

/** Both services of a Refit server at one address. */
export interface RefitClient {
  readonly address: string;
  readonly admin: ServiceClient<typeof AdminService>;
  readonly registry: ServiceClient<typeof RegistryService>;
  close(): void;
}

/** `host:port`; connects at the first call. Close it, or the process does not end. */
export function connect(address: string): RefitClient {
  const channel = new Client(address, credentials.createInsecure(), {
    'grpc.max_receive_message_length': 32 * 1024 * 1024, // a run with all its events
    ...(isLoopback(address) && { 'grpc.enable_http_proxy': 0 }),
  });
  return {
    address,
    admin: serviceClient(AdminService, channel, address),
    registry: serviceClient(RegistryService, channel, address),
    close: () => channel.close(),
  };
}

const isLoopback = (address: string) => /^(localhost|127\.|\[::1\])/.test(address);
