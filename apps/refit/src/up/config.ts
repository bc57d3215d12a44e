import type { RefitConfig } from '@refit/service';
import { loadConfig } from '@refit/service/config';

export interface ConfigOptions {
  readonly dataDir?: string;
  readonly host?: string;
  readonly port?: number;
  readonly grpcPort?: number;
  readonly allowRoot?: readonly string[];
}

/**
 * The options with every default filled in, whatever environment and configuration file there are: for programs that have
 * Refit in them. Data may lie under the current folder and the data directory.
 *
 * @throws RefitError CONFIG_INVALID
 */
export function configFrom({ dataDir, host, port, grpcPort, allowRoot = [] }: ConfigOptions): RefitConfig {
  const given = [['--data-dir', dataDir], ['--host', host], ['--port', port], ['--grpc-port', grpcPort], ...allowRoot.map((root) => ['--allow-root', root] as const)] as const;
  const argv = given.flatMap(([flag, value]) => (value === undefined ? [] : [`${flag}=${value}`]));
  return loadConfig({ argv, env: {}, cwd: process.cwd(), findFile: false });
}
