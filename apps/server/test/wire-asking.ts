import { expect, vi } from 'vitest';
import type { Admitted, Upstream } from '../src/slices/frontier/gateway/model.ts';
import { type FakeUpstream, fakeUpstream, type Plan } from './fake-upstream.ts';
import { openWorldOfWire, upstreamAt, type World, type WorldOptions } from './wiring.ts';

const opened: (() => Promise<void>)[] = [];

/** Closes what a test opened; each file of tests hangs it up by itself. */
export async function closing(): Promise<void> {
  for (const close of opened.splice(0).reverse()) await close();
}

export async function upstream(plan?: Plan): Promise<FakeUpstream> {
  const fake = await fakeUpstream(plan);
  opened.push(() => fake.close());
  return fake;
}

export async function world(options?: WorldOptions): Promise<World> {
  const limits = { closeMsMax: 100, ...options?.limits };
  const made = await openWorldOfWire({ ...options, limits });
  opened.push(() => made.wire.close());
  return made;
}

/** A world with one key for one upstream. */
export async function one(plan?: Plan, has: Partial<Admitted> = {}, of: Partial<Upstream> = {}) {
  const fake = await upstream(plan);
  const at = await world();
  const secret = at.key({ upstreams: [upstreamAt(fake.baseUrl, of)], ...has });
  return { at, fake, secret };
}

interface Asking {
  readonly path?: string;
  readonly headers?: Record<string, string>;
  readonly signal?: AbortSignal;
}

export const messages = [{ role: 'user', content: 'hi' }];

export async function ask(
  at: World,
  secret: string,
  body: unknown,
  how: Asking = {},
): Promise<Response> {
  return await fetch(at.url + (how.path ?? '/v1/chat/completions'), {
    method: 'POST',
    headers: {
      authorization: `Bearer ${secret}`,
      'content-type': 'application/json',
      ...how.headers,
    },
    body: typeof body === 'string' ? body : JSON.stringify(body),
    ...(how.signal === undefined ? {} : { signal: how.signal }),
  });
}

/** What was settled, once so much was. */
export async function settled(at: World, count = 1) {
  await vi.waitFor(() => expect(at.settled).toHaveLength(count), { timeout: 10_000, interval: 5 });
  expect(at.open()).toBe(0);
  expect(at.faults).toEqual([]);
  return at.settled;
}
