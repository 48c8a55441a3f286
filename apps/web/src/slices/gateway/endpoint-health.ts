import type { GatewayRequest } from '@breakwater/contract';

/** How an endpoint answered the newest requests that were sent to it. */
export interface Health {
  readonly requests: number;
  /** Answered with what was asked for. */
  readonly good: number;
  readonly lastAt: string;
  /** The newest that was answered with an error of the endpoint; null: none of these. */
  readonly lastBadAt: string | null;
  /** The newest found no address of it at which may be called. */
  readonly isNowhere: boolean;
}

/** By the id of the endpoint; what reached none is nobody's. The newest come first. */
export function healthIn(requests: readonly GatewayRequest[]): ReadonlyMap<string, Health> {
  const health = new Map<string, Health>();
  for (const { inside, status, endedAt } of requests) {
    if (inside === null || inside.upstream === null) continue;
    const before = health.get(inside.upstream);
    const isBad = status >= 500;
    health.set(inside.upstream, {
      requests: (before?.requests ?? 0) + 1,
      good: (before?.good ?? 0) + (status < 400 ? 1 : 0),
      lastAt: before?.lastAt ?? endedAt,
      lastBadAt: before?.lastBadAt ?? (isBad ? endedAt : null),
      isNowhere: before?.isNowhere ?? inside.marks.includes('endpoint-nowhere'),
    });
  }
  return health;
}
