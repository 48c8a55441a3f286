import {
  collect,
  coordinate,
  correlate,
  directory,
  operations,
  type Role,
  record,
} from '@breakwater/contract';
import { type Id, type Instant, type Tlp, tlpLabels } from '@breakwater/kernel';
import { startTestServer, type TestParty, type TestServer } from './harness.ts';

export const embargoes = ['open', 'until', 'ended'] as const;

/** A case of one marking and one state of the embargo, found by two finders. */
export interface MarkedCase {
  readonly marking: Tlp;
  readonly embargo: (typeof embargoes)[number];
  readonly id: Id<'case'>;
  /** Of the first finder; the second's has the same marking. */
  readonly finding: Id<'finding'>;
  /** An entry of the case's timeline, and a file of the first finding. */
  readonly entry: string;
  readonly content: string;
}

/** Who asks: a key, a cookie, or neither. */
export interface Asking {
  readonly key?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A case of every marking in every state of the embargo, and everyone who may come to the door. */
export interface MarkedWorld extends AsyncDisposable {
  readonly server: TestServer;
  readonly cases: readonly MarkedCase[];
  /** A join decided by the coordinator. */
  readonly join: string;
  readonly insiders: Readonly<Record<'coordinator' | 'finder' | 'second' | 'owner', TestParty>>;
  /** One of each built-in role that takes part in nothing. */
  readonly strangers: Readonly<Record<Exclude<Role, 'coordinator'>, TestParty>>;
  /** Of a role of the administrator's own: all that any built-in role may call, seeing nothing. */
  readonly widest: TestParty;
  /** What no longer opens anything: an expired key, one that was cut off, a session that was cut. */
  readonly ended: Readonly<Record<'expired' | 'revoked' | 'cut', Asking>>;
}

export async function openMarkedWorld(): Promise<MarkedWorld> {
  const server = await startTestServer();
  const insiders = {
    coordinator: await server.party('coordinator'),
    finder: await server.party('finder'),
    second: await server.party('finder'),
    owner: await server.party('owner'),
  };
  const cases: MarkedCase[] = [];
  for (const marking of tlpLabels) {
    for (const embargo of embargoes) {
      cases.push(await openCase(insiders, { marking, embargo, n: cases.length }));
    }
  }
  const join = await joinTwo(insiders);
  const permissions = [
    ...new Set(
      operations.filter((o) => o.callers.some((c) => c !== 'administrator')).map((o) => o.id),
    ),
  ].filter((id) => !publicOnly.includes(id));
  await server.administrator.call(directory.addRole, {
    body: { name: 'widest', title: 'All that any role may', permissions, principals: [] },
  });
  return {
    server,
    cases,
    join,
    insiders,
    strangers: {
      finder: await server.party('finder', 'Stranger'),
      owner: await server.party('owner', 'Stranger'),
      operator: await server.party('operator', 'Stranger'),
      auditor: await server.party('auditor', 'Stranger'),
      evaluator: await server.party('evaluator', 'Stranger'),
      developer: await server.party('developer', 'Stranger'),
      liaison: await server.party('liaison', 'Stranger'),
      official: await server.party('official', 'Stranger'),
    },
    widest: await server.party('widest', 'Stranger'),
    ended: await endedWays(server),
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

/** What only the public may call has no place in a role. */
const publicOnly = operations
  .filter((o) => o.callers.every((c) => c === 'public' || c === 'administrator'))
  .map((o) => o.id);

async function openCase(
  { coordinator, finder, second, owner }: MarkedWorld['insiders'],
  wish: Pick<MarkedCase, 'marking' | 'embargo'> & { readonly n: number },
): Promise<MarkedCase> {
  const { marking, embargo, n } = wish;
  const handIn = async (by: TestParty) =>
    await by.client.call(collect.submit, {
      body: {
        kind: 'native',
        package: `pkg:deb/debian/library-${n}`,
        version: '1.0-1',
        title: `Secret title ${n}`,
        marking,
        description: 'Told at length',
        identifiers: [`CVE-2026-${10_000 + n}`],
      },
    });
  const { case: id, finding } = await handIn(finder);
  const joined = await handIn(second);
  if (id === null || joined.case !== id) throw new Error('expected one case of two findings');
  const params = { case: id };
  if (marking !== 'RED') {
    await coordinator.client.call(coordinate.inviteOwner, {
      params,
      body: { party: owner.id, reason: 'they should know' },
    });
  }
  if (embargo === 'until') {
    const endsAt = '2027-01-01T00:00:00.000Z' as Instant; // spelled as kernel writes instants
    await coordinator.client.call(coordinate.setEmbargo, { params, body: { endsAt, zone: 'UTC' } });
  }
  if (embargo === 'ended') {
    await coordinator.client.call(coordinate.endEmbargo, { params, body: { reason: 'public' } });
  }
  const view = await finder.client.call(collect.get, { params: { finding } });
  const timeline = await coordinator.client.call(record.timeline, { params });
  return {
    marking,
    embargo,
    id,
    finding,
    entry: timeline.items[0]?.entry ?? '',
    content: view.contents[0]?.content ?? '',
  };
}

/** Two cases more, of which one was joined into the other. */
async function joinTwo({ coordinator, finder }: MarkedWorld['insiders']): Promise<string> {
  const [from, into] = await Promise.all(
    ['one', 'other'].map(
      async (name) =>
        await finder.client.call(collect.submit, {
          body: {
            kind: 'native',
            package: 'pkg:deb/debian/joined',
            version: '1.0-1',
            title: `The ${name}`,
            marking: 'AMBER',
            description: `Told at length, the ${name}`,
            identifiers: [],
          },
        }),
    ),
  );
  if (from?.case == null || into?.case == null) throw new Error('expected two cases');
  const merged = await coordinator.client.call(correlate.merge, {
    params: { case: from.case },
    body: { into: into.case, reason: 'one root cause' },
  });
  return merged.join;
}

async function endedWays(server: TestServer): Promise<MarkedWorld['ended']> {
  const party = await server.party('coordinator', 'Gone');
  const keyOf = async (expiresAt?: Instant) =>
    await server.administrator.call(directory.addKey, {
      params: { party: party.id },
      body: { label: 'gone', ...(expiresAt === undefined ? {} : { expiresAt }) },
    });
  const hour = new Date(Date.parse(server.clock.now()) + 60_000).toISOString() as Instant; // as kernel
  const expired = await keyOf(hour);
  const revoked = await keyOf();
  await server.administrator.call(directory.revokeKey, {
    params: { key: revoked.id },
    body: undefined,
  });
  const person = await server.signIn(party);
  await person.fetch('/v1/session/sign-out', {
    method: 'POST',
    headers: { 'idempotency-key': 'cut-this-session', 'content-type': 'application/json' },
    body: '{}',
  });
  server.clock.set(new Date(Date.parse(hour) + 60_000).toISOString() as Instant);
  return {
    expired: { key: expired.key },
    revoked: { key: revoked.key },
    cut: { headers: { cookie: person.cookie, origin: server.address } },
  };
}
