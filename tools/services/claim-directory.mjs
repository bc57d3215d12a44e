import { lockDataDirectory, takeInstanceName } from '@refit/service';

/**
 * Takes the data directory beside the services, so that two of these do not start a broker on the same data. Returns the
 * way to release it.
 *
 * @throws RefitError DATA_DIRECTORY_UNUSABLE
 */
export function claimDirectory(directory) {
  const lock = lockDataDirectory(directory, 'shared');
  const instance = takeInstanceName(directory, 'starter');
  const release = () => {
    instance.release();
    lock.release();
  };
  if (instance.number === 1) return release;
  release();
  throw Object.assign(new Error(`\`npm run services\` is running on ${directory} already: stop it, or choose another folder with --data-dir`), { code: 'DATA_DIRECTORY_UNUSABLE' });
}
