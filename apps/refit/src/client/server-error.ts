import type { DescMethod } from '@bufbuild/protobuf';
import { status, type ServiceError } from '@grpc/grpc-js';
import { errorCodes, RefitError, type ErrorCode, type ErrorDetail } from '@refit/contracts';
import type { ServiceAddress } from './service-address.js';
import { whatAnswers } from './what-answers.js';

/** Trailing metadata in which a Refit server sends its error as JSON: {code, message, details}. */
const errorMetadataKey = 'refit-error-bin';

/** What a call failed with, as the error that the server threw; or what that says about the server. */
export async function refitError(error: ServiceError, method: DescMethod, address: ServiceAddress): Promise<RefitError> {
  return sentError(error) ?? new RefitError(...(await ofStatus(error, method, address)), { cause: error });
}

function sentError(error: ServiceError): RefitError | undefined {
  const [bytes] = error.metadata?.get(errorMetadataKey) ?? [];
  if (bytes === undefined) return undefined;
  try {
    const { code, message, details } = JSON.parse(bytes.toString()) as { code: string; message: string; details?: readonly ErrorDetail[] }; // the server's contract
    const known = Object.hasOwn(errorCodes, code);
    // The code of a newer server, kept for the reader.
    return new RefitError(known ? (code as ErrorCode) : 'INTERNAL', known ? message : `${code}: ${message}`, { details: details ?? [], cause: error });
  } catch {
    return undefined;
  }
}

/** Where `npm run services` puts them. */
const usual = { '--admin': '127.0.0.1:7410', '--registry': '127.0.0.1:7411', '--validation': '127.0.0.1:7413' } as const;

async function ofStatus(error: ServiceError, { name, parent }: DescMethod, { address, from }: ServiceAddress): Promise<[ErrorCode, string]> {
  const place = from === undefined ? address : `${address} (${from})`;
  const flag = parent.name === 'RegistryService' ? '--registry' : parent.name === 'ValidationService' ? '--validation' : '--admin';
  const startOne = `Start one with ./refit up, or with npm start, which brings an example; name another with --server HOST:PORT or REFIT_SERVER, with ${flag} where each service is its own process, or with a profile`;
  switch (error.code) {
    case status.UNAVAILABLE:
      return ['SERVER_UNREACHABLE', `no Refit server answers at ${place}. ${(await whatAnswers(address)) || startOne}`];
    case status.DEADLINE_EXCEEDED:
      return ['SERVER_UNREACHABLE', `the server at ${place} took too long to answer ${name}; try again`];
    case status.CANCELLED:
      return ['SERVER_UNREACHABLE', `the server at ${place} gave up on ${name}; try again`];
    case status.RESOURCE_EXHAUSTED:
      return ['REQUEST_INVALID', `what ${name} sends is more than the server at ${place} takes: ${error.details}`];
    case status.UNIMPLEMENTED:
      return ['INTERNAL', `the server at ${place} has no ${name}: it is another version, no Refit server, or another service of several that are processes of their own, and ${flag} HOST:PORT names the one that has it (${usual[flag]}, as npm run services starts it)`];
    default:
      return ['INTERNAL', `${name} failed at ${place}: ${error.details || error.message}`];
  }
}
