import { join } from 'node:path';
import { RefitError } from '@refit/contracts';
import type { Logger } from 'pino';
import { v7 as uuid } from 'uuid';
import type { RefitConfig } from '../runtime.js';
import type { Closing } from './closing.js';
import { lockDataDirectory } from './data-directory.js';
import { takeInstanceName } from './instance-name.js';
import { fileLog, standardLog, type ProcessLog } from './process-log.js';

/** What a process is among those of its data directory, and where it writes its log. */
export interface Place {
  /** It has the data directory for itself. */
  readonly soleInstance: boolean;
  /** Of this process, new at each start. */
  readonly instanceId: string;
  /** Of a service's own process: `training-2`. */
  readonly instanceName?: string;
  /** Id of the process that had this name before and was killed. */
  readonly predecessor?: string;
  /** Another process of this service has the ports of the configuration. */
  readonly isFurther: boolean;
  readonly logger: Logger;
  readonly log: ProcessLog;
}

/**
 * Takes the data directory: for itself, or as a process of one service beside others. Held until `closing` is closed.
 *
 * @throws RefitError DATA_DIRECTORY_UNUSABLE, DISK_FULL, ADDRESS_NOT_ALLOWED
 */
export function takePlace(config: RefitConfig, closing: Closing, service?: string): Place {
  requireGuardedAddress(config);
  try {
    return service === undefined ? placeAlone(config, closing) : placeBesideOthers(config, closing, service);
  } catch (error) {
    void closing.close(); // locks are released at once
    throw error;
  }
}

function placeAlone({ dataDirectory, logLevel }: RefitConfig, closing: Closing): Place {
  const lock = lockDataDirectory(dataDirectory, 'exclusive');
  closing.add(() => lock.release());
  const log = fileLog(join(dataDirectory, 'refit.log'), logLevel);
  return { soleInstance: true, instanceId: uuid(), isFurther: false, log, logger: log.logger };
}

function placeBesideOthers({ dataDirectory, logLevel }: RefitConfig, closing: Closing, service: string): Place {
  const lock = lockDataDirectory(dataDirectory, 'shared');
  closing.add(() => lock.release());
  const instance = takeInstanceName(dataDirectory, service);
  closing.add(() => instance.release());
  const { name, id, number, predecessor } = instance;
  const log = standardLog({ instance: name }, logLevel);
  return { soleInstance: false, instanceId: id, instanceName: name, ...(predecessor !== undefined && { predecessor }), isFurther: number > 1, log, logger: log.logger };
}

function requireGuardedAddress({ host, operators = [] }: RefitConfig): void {
  if (['127.0.0.1', '::1', 'localhost'].includes(host) || operators.length > 0) return;
  throw new RefitError('ADDRESS_NOT_ALLOWED', `Refit listens on this machine only (127.0.0.1, ::1), since it asks nobody who they are; ${host} is refused. Name operators with their tokens to listen elsewhere`);
}
