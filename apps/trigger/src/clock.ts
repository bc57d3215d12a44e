import { Injectable } from '@nestjs/common';

/** The time, in milliseconds since 1970; tests put another in its place. */
@Injectable()
export class Clock {
  now(): number {
    return Date.now();
  }
}
