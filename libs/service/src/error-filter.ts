import { Catch, HttpException, Inject, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import grpc from '@grpc/grpc-js';
import type { Response } from 'express';
import { throwError, type Observable } from 'rxjs';
import { RefitError, type ErrorCategory } from '@refit/contracts';
import { RUNTIME, type Runtime } from './runtime.js';

const httpStatus: Record<ErrorCategory, number> = {
  unauthenticated: 401, invalid: 400, 'not-found': 404, conflict: 409, denied: 403, data: 422, unavailable: 503, internal: 500,
};

const grpcStatus: Record<ErrorCategory, grpc.status> = {
  unauthenticated: grpc.status.UNAUTHENTICATED,
  invalid: grpc.status.INVALID_ARGUMENT,
  'not-found': grpc.status.NOT_FOUND,
  conflict: grpc.status.FAILED_PRECONDITION,
  denied: grpc.status.PERMISSION_DENIED,
  data: grpc.status.FAILED_PRECONDITION,
  unavailable: grpc.status.UNAVAILABLE,
  internal: grpc.status.INTERNAL,
};

/** Trailing metadata with the error as JSON: {code, message, details}. */
export const errorMetadataKey = 'refit-error-bin';

/** Answers a RefitError with its status, code and details, over HTTP as over gRPC; anything else is a logged INTERNAL. */
@Catch()
export class RefitErrorFilter implements ExceptionFilter {
  constructor(@Inject(RUNTIME) private readonly runtime: Runtime) {}

  catch(error: unknown, host: ArgumentsHost): Observable<never> | void {
    const known = this.#known(error);
    if (host.getType() !== 'http') return throwError(() => grpcError(known));
    const response = host.switchToHttp().getResponse<Response>();
    const status = error instanceof HttpException ? error.getStatus() : httpStatus[known.category];
    response.status(status).json(body(known));
  }

  #known(error: unknown): RefitError {
    if (error instanceof RefitError) return error;
    if (error instanceof HttpException) return new RefitError('REQUEST_INVALID', error.message, { cause: error });
    this.runtime.logger.error({ err: error }, 'unexpected error');
    return new RefitError('INTERNAL', 'a fault in Refit; its log says more', { cause: error });
  }
}

const body = ({ code, message, details }: RefitError) => ({ code, message, details });

function grpcError(error: RefitError): object {
  const metadata = new grpc.Metadata();
  metadata.set(errorMetadataKey, Buffer.from(JSON.stringify(body(error))));
  return { code: grpcStatus[error.category], details: error.message, message: error.message, metadata };
}
