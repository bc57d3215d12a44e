import { status, type ServiceError } from '@grpc/grpc-js';
import { errorCodes, RefitError, type ErrorCode, type ErrorDetail } from '@refit/contracts';

/** Trailing metadata in which a Refit server sends its error as JSON: {code, message, details}. */
const errorMetadataKey = 'refit-error-bin';

/** What a call failed with, as the error that the server threw; or what that says about the server. */
export function refitError(error: ServiceError, method: string, address: string): RefitError {
  return sentError(error) ?? new RefitError(...ofStatus(error, method, address), { cause: error });
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

function ofStatus(error: ServiceError, method: string, address: string): [ErrorCode, string] {
  switch (error.code) {
    case status.UNAVAILABLE:
      return ['SERVER_UNREACHABLE', `no Refit server answers at ${address}. Start one with ./refit up, or with npm start, which brings an example; name another with --server HOST:PORT or REFIT_SERVER`];
    case status.DEADLINE_EXCEEDED:
      return ['SERVER_UNREACHABLE', `the server at ${address} took too long to answer ${method}; try again`];
    case status.CANCELLED:
      return ['SERVER_UNREACHABLE', `the server at ${address} gave up on ${method}; try again`];
    case status.RESOURCE_EXHAUSTED:
      return ['REQUEST_INVALID', `what ${method} sends is more than the server at ${address} takes: ${error.details}`];
    case status.UNIMPLEMENTED:
      return ['INTERNAL', `the server at ${address} has no ${method}: it is another version, or no Refit server`];
    default:
      return ['INTERNAL', `${method} failed at ${address}: ${error.details || error.message}`];
  }
}
