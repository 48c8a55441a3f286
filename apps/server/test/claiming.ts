import { type Body, type ClaimAnswer, claims } from '@breakwater/contract';
import { addMilliseconds, type Id, type Instant } from '@breakwater/kernel';
import { tickClaims } from '../src/slices/clearinghouse/deconflict/claim/index.ts';
import { startTestServer, type TestParty, type TestServer } from './harness.ts';

const hourMs = 3_600_000;

export type Wish = Pick<Body<typeof claims.claim>['scope'], 'targets'> & { weaknesses?: string[] };

/** A scope as it is sent, of local fuzzing. */
export function scope(wish: Wish) {
  const all = { places: [], except: [], weaknesses: [], exceptWeaknesses: [] };
  return { ...all, methods: ['fuzz' as const], ...wish };
}

/** The id of a claim that was granted. */
export function idOf(answer: ClaimAnswer): Id<'claim'> {
  if (answer.claim === null) throw new Error(`expected a claim, got ${answer.answer}`);
  return answer.claim;
}

/** Two labs and a coordinator who claim on one server, in its time. */
export interface Claiming extends AsyncDisposable {
  readonly server: TestServer;
  readonly a: TestParty;
  readonly b: TestParty;
  readonly coordinator: TestParty;
  inHours(hours: number): Instant;
  /** Lets time pass, and all happen that follows from it. */
  pass(hours: number): Promise<void>;
  claim(
    who: TestParty,
    wish: Wish,
    more?: { sharing?: 'alone' | 'beside'; from?: Instant; hours?: number },
  ): Promise<ClaimAnswer>;
}

export async function startClaiming(): Promise<Claiming> {
  const server = await startTestServer();
  const inHours = (hours: number) => addMilliseconds(server.clock.now(), hours * hourMs);
  return {
    server,
    a: await server.party('finder', 'Lab A'),
    b: await server.party('finder', 'Lab B'),
    coordinator: await server.party('coordinator', 'The desk'),
    inHours,
    async pass(hours) {
      server.clock.set(inHours(hours));
      await tickClaims(server.services);
    },
    async claim(who, wish, { sharing = 'alone', from, hours = 24 } = {}) {
      const term = { until: inHours(hours), ...(from === undefined ? {} : { from }) };
      return await who.client.call(claims.claim, {
        body: { scope: scope(wish), sharing, listed: true, ...term },
      });
    },
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}
