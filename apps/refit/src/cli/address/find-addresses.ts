import { RefitError } from '@refit/contracts';
import type { RefitAddresses, ServiceAddress } from '../../client/index.js';
import { isAddress } from './address-text.js';
import { profileNamed, readProfiles, type Environment, type Profile, type Profiles } from './profiles.js';

/** What the command line says of whom to ask. */
export interface AddressOptions {
  readonly server?: string;
  readonly admin?: string;
  readonly registry?: string;
  readonly validation?: string;
  readonly profile?: string;
}

/** Where `refit up` is. */
export const defaultServer = '127.0.0.1:7410';

/**
 * Where the services are: by flags, by the environment, by the profile in use, or where `refit up` puts them. An address
 * is stronger than a profile, that of one service stronger than that of all. Validation is where admin is, unless
 * something says otherwise. Profiles are read only if one is needed.
 *
 * @throws RefitError REQUEST_INVALID, PROFILE_NOT_FOUND, CONFIG_INVALID
 */
export function findAddresses(options: AddressOptions, env: Environment): Required<RefitAddresses> {
  let read: Profiles | undefined;
  const profiles = () => (read ??= readProfiles(env));
  const admin = find('admin', options, env, profiles);
  return { admin, registry: find('registry', options, env, profiles), validation: find('validation', options, env, profiles, admin) };
}

function find(service: keyof RefitAddresses, options: AddressOptions, env: Environment, profiles: () => Profiles, beside?: ServiceAddress): ServiceAddress {
  const variable = (name: string) => address(env[name], name);
  const profile = (name: string | undefined, from: string) => (name === undefined || name === '' ? undefined : { address: addressIn(profileNamed(profiles(), name), service), from });
  return (
    address(options[service], `--${service}`)
    ?? address(options.server, '--server')
    ?? profile(options.profile, `profile ${options.profile}, --profile`)
    ?? variable(`REFIT_${service.toUpperCase()}`)
    ?? variable('REFIT_SERVER')
    ?? profile(env['REFIT_PROFILE'], `profile ${env['REFIT_PROFILE']}, REFIT_PROFILE`)
    ?? (options.admin !== undefined || env['REFIT_ADMIN'] ? beside : undefined)
    ?? profile(profiles().inUse, `profile ${profiles().inUse}`)
    ?? { address: defaultServer, from: 'the default' }
  );
}

/** A profile that does not say where validation is means the place of admin. */
const addressIn = (profile: Profile, service: keyof RefitAddresses) => profile[service] ?? profile.admin;

/** An empty variable counts as not set. */
function address(text: string | undefined, from: string): ServiceAddress | undefined {
  if (text === undefined || text === '') return undefined;
  if (isAddress(text)) return { address: text, from };
  throw new RefitError('REQUEST_INVALID', `${from}: expected HOST:PORT, such as ${defaultServer}; found ${JSON.stringify(text)}`);
}
