import { Inject, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { RefitError } from '@refit/contracts';
import { RUNTIME, type Runtime } from '@refit/service';
import type { Request } from 'express';

const loopback: readonly string[] = ['localhost', '127.0.0.1', '[::1]'];

/**
 * Lets only requests through that were addressed to this machine by name: a web page that a person has open may send
 * requests here, under its own host name (DNS rebinding) or from its own origin (cross-site request forgery). Where
 * operators are named no page has their token, and any name will do.
 */
@Injectable()
export class LocalRequestGuard implements CanActivate {
  constructor(@Inject(RUNTIME) private readonly runtime: Pick<Runtime, 'config'>) {}

  /** @throws RefitError ADDRESS_NOT_ALLOWED */
  canActivate(context: ExecutionContext): boolean {
    if ((this.runtime.config.operators ?? []).length > 0) return true;
    const { headers } = context.switchToHttp().getRequest<Request>();
    const allowed = [...loopback, urlHost(this.runtime.config.host)];
    if (!allowed.includes(hostName(headers.host))) {
      throw new RefitError('ADDRESS_NOT_ALLOWED', `the request is addressed to "${String(headers.host).slice(0, 100)}"; address it to ${allowed.slice(0, 2).join(' or ')}`);
    }
    if (headers.origin !== undefined && !allowed.includes(hostName(headers.origin.replace(/^[a-z]+:\/\//i, '')))) {
      throw new RefitError('ADDRESS_NOT_ALLOWED', `requests from web pages of ${headers.origin.slice(0, 100)} are not taken`);
    }
    return true;
  }
}

/** `127.0.0.1:7400` → `127.0.0.1`. */
const hostName = (host = '') => host.replace(/:\d+$/, '').toLowerCase();

const urlHost = (host: string) => (host.includes(':') ? `[${host}]` : host.toLowerCase());
