import { join } from 'node:path';
import { configFrom, startSystem } from '@refit/refit';
import type { History } from './history.ts';
import { shopHistory, tellShop } from './play-shop.ts';
import { writeDays } from './shop-data.ts';

/** The shop's story in a folder, undisturbed, with all services in this process. */
export async function embeddedShop(folder: string, patienceMs: number): Promise<History> {
  const dataDir = join(folder, 'state');
  const files = writeDays(join(dataDir, 'days'));
  const system = await startSystem(configFrom({ dataDir, port: 0, grpcPort: 0 }));
  try {
    await tellShop({ http: `http://127.0.0.1:${system.httpPort}`, grpc: `127.0.0.1:${system.grpcPort}` }, files);
    return await shopHistory(system.runtime.store, Date.now() + patienceMs);
  } finally {
    await system.stop();
  }
}
