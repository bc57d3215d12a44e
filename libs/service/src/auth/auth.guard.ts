import { Inject, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Metadata } from '@grpc/grpc-js';
import type { Request } from 'express';
import { RefitError } from '@refit/contracts';
import { RUNTIME, type Runtime } from '../runtime.js';
import { ownerOf } from './operators.js';

/** HTTP paths that anybody may ask: what a load balancer looks at. */
const open: readonly string[] = ['/healthz'];

/** A request that has passed the guard. */
export interface GuardedRequest extends Request {
  /** Who asks, where operators are named. */
  operator?: string;
}

/**
 * Where operators are named, lets only their requests through, over HTTP as over gRPC, and puts the operator's name in
 * the place of whatever `actor` the request claims. Where none are named everybody of this machine may ask. Messages of
 * the bus are no requests.
 */
@Injectable()
export class AuthGuard implements CanActivate {
  constructor(@Inject(RUNTIME) private readonly runtime: Pick<Runtime, 'config'>) {}

  /** @throws RefitError UNAUTHENTICATED */
  canActivate(context: ExecutionContext): boolean {
    if ((this.runtime.config.operators ?? []).length === 0) return true;
    if (context.getType() === 'http') this.#http(context.switchToHttp().getRequest<GuardedRequest>());
    const metadata: unknown = context.switchToRpc().getContext();
    if (metadata instanceof Metadata) this.#grpc(metadata, context.switchToRpc().getData<object>());
    return true;
  }

  #http(request: GuardedRequest): void {
    if (!open.includes(request.path)) request.operator = this.#operator(request.headers.authorization);
  }

  #grpc(metadata: Metadata, request: object): void {
    const operator = this.#operator(metadata.get('authorization')[0]?.toString());
    if ('actor' in request) request.actor = operator;
  }

  #operator(authorization: string | undefined): string {
    const owner = ownerOf(this.runtime.config.operators ?? [], authorization);
    if (owner) return owner.name;
    const found = authorization === undefined ? 'none was sent' : 'the one sent belongs to nobody';
    throw new RefitError('UNAUTHENTICATED', `this Refit answers its operators only, who send their token (Authorization: Bearer TOKEN; for ./refit in REFIT_TOKEN or --token-file): ${found}`);
  }
}
