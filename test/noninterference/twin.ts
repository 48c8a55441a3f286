import { randomUUID } from 'node:crypto';
import {
  type Body,
  directory,
  fillPath,
  live,
  MailPreferences,
  notify,
  type Operation,
} from '@breakwater/contract';
import { fromUtf8, utf8 } from '@breakwater/kernel';
import { ensureWebBuilt } from '@breakwater/web';
import { sendDue } from '../../apps/server/src/slices/index.ts';
import {
  startTestServer,
  type TestParty,
  type TestServer,
} from '../../apps/server/test/harness.ts';
import { later } from '../../apps/server/test/world.ts';
import type { Leak } from './leaks.ts';

/** Who looks from outside. `nobody` brings no key. */
export const watchers = [
  'finder',
  'owner',
  'operator',
  'auditor',
  'evaluator',
  'developer',
  'liaison',
  'official',
  'nobody',
] as const;
export type Watcher = (typeof watchers)[number];

export interface Answer {
  readonly status: number;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: string;
}

export interface Crew {
  readonly coordinator: TestParty;
  readonly finder: TestParty;
  readonly owner: TestParty;
  readonly operator: TestParty;
  readonly evaluator: TestParty;
  readonly developer: TestParty;
  readonly liaison: TestParty;
  readonly official: TestParty;
}

/** One of two servers that live the same history but for the hidden part of it. */
export interface Twin extends AsyncDisposable {
  readonly server: TestServer;
  /** True for the one on which the hidden side acts. */
  readonly withHidden: boolean;
  readonly crews: { readonly outside: Crew; readonly hidden: Crew };
  /** Runs the suites of the hidden evaluator. */
  readonly worker: TestParty;
  readonly auditor: TestParty;
  /** Waits until all that commits asked for is done, then moves the clock on. */
  settle(): Promise<void>;
  /** Sends what no watcher's eyes see: on behalf of either side. */
  act<T extends Operation>(party: TestParty, operation: T, given: Given<T>): Promise<Answer>;
  /** Looks at a door as a watcher, through the planted leak if there is one. */
  look(watcher: Watcher, wish: Wish): Promise<Answer>;
  /** Mail that came to a watcher's own people since the last look. */
  mail(watcher: Watcher): Promise<readonly string[]>;
  /** What a watcher's open page was told since the last {@link forget}. */
  stream(watcher: Watcher): Promise<readonly string[]>;
  forget(): void;
  /** Waits until all that open pages were told has come over the sockets. */
  arrive(): Promise<void>;
  /**
   * Moves the log on by one batch, and the hour on until every mail that waits is due; true while
   * entries wait for theirs.
   */
  tick(): Promise<boolean>;
  leak: Leak | null;
}

interface Given<T extends Operation> {
  readonly params?: Readonly<Record<string, string>>;
  readonly body?: Body<T>;
}

export interface Wish {
  readonly method: string;
  readonly path: string;
  readonly body?: string;
}

export async function openTwin(withHidden: boolean): Promise<Twin> {
  const { directory: webDirectory } = await ensureWebBuilt();
  const server = await startTestServer({
    webDirectory,
    settings: { BREAKWATER_LIVE_TICK_SECONDS: '86400', BREAKWATER_LOG_CADENCE_SECONDS: '3600' },
  });
  const crew = async (name: string): Promise<Crew> => ({
    coordinator: await server.party('coordinator', `${name} coordinator`),
    finder: await server.party('finder', `${name} finder`),
    owner: await server.party('owner', `${name} owner`),
    operator: await server.party('operator', `${name} operator`),
    evaluator: await server.party('evaluator', `${name} evaluator`),
    developer: await server.party('developer', `${name} developer`),
    liaison: await server.party('liaison', `${name} liaison`),
    official: await server.party('official', `${name} official`),
  });
  // Both crews join both servers: only what the hidden one does there is left out.
  const crews = { outside: await crew('Outside'), hidden: await crew('Hidden') };
  const auditor = await server.party('auditor', 'Outside auditor');
  const worker = await server.party('evaluator', 'Hidden worker');
  const keys: Readonly<Record<Watcher, string | null>> = {
    finder: crews.outside.finder.key,
    owner: crews.outside.owner.key,
    operator: crews.outside.operator.key,
    auditor: auditor.key,
    evaluator: crews.outside.evaluator.key,
    developer: crews.outside.developer.key,
    liaison: crews.outside.liaison.key,
    official: crews.outside.official.key,
    nobody: null,
  };
  const send = async (key: string | null, wish: Wish) =>
    answerOf(
      await server.send({
        ...wish,
        ...(key === null ? {} : { key }),
        headers: { 'content-type': 'application/json', 'idempotency-key': randomUUID() },
      }),
    );
  const parties = { ...crews.outside, auditor };
  const hints = new Map<Watcher, string[]>();
  for (const watcher of watchers) {
    if (watcher === 'nobody') continue;
    await subscribe(server, parties[watcher], watcher);
    const told: string[] = [];
    hints.set(watcher, told);
    await listen(server, parties[watcher].key, told);
  }
  let mailsRead = 0;
  const twin: Twin = {
    server,
    withHidden,
    crews,
    auditor,
    worker,
    leak: null,
    async settle() {
      await quiet(server);
      await server.services.live.tick();
      server.clock.set(later(server.clock, 1_000));
    },
    act: (party, operation, { params = {}, body }) =>
      send(party.key, {
        method: operation.method,
        path: fillPath(operation.path, params),
        ...(operation.method === 'POST' ? { body: JSON.stringify(body ?? {}) } : {}),
      }),
    async look(watcher, wish) {
      const seen = await send(keys[watcher], wish);
      return twin.leak?.answer === undefined
        ? seen
        : await twin.leak.answer(seen, { twin, wish, watcher });
    },
    async mail(watcher) {
      // The two servers are told apart by their ports alone.
      const { port } = new URL(server.address);
      const own = server.mails.slice(mailsRead).filter(({ to }) => to === addressOf(watcher));
      const sent = own.map(({ raw }) => raw.replaceAll(`:${port}/`, ':port/'));
      return (await twin.leak?.mail?.(sent, { twin, watcher })) ?? sent;
    },
    async stream(watcher) {
      const told = [...(hints.get(watcher) ?? [])];
      return (await twin.leak?.stream?.(told, { twin, watcher })) ?? told;
    },
    forget() {
      for (const told of hints.values()) told.length = 0;
      mailsRead = server.mails.length;
    },
    async arrive() {
      for (const told of hints.values()) told.length = 0;
      // A stream gives a sign of life every twenty ticks. One may be on its way: the second is new.
      for (let ticks = 0; ticks < 40; ticks++) await server.services.live.tick();
      const isHere = (told: readonly string[]) => told.join('').split(':\n\n').length > 2;
      for (let left = 2_000; left > 0; left--) {
        if ([...hints.values()].every(isHere)) return;
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
      throw new Error('an open page was told nothing for ten seconds');
    },
    async tick() {
      await server.services.sequencer.tick();
      server.clock.set(later(server.clock, hourMs));
      await sendDue(server.services);
      await quiet(server);
      const { rows } = await server.services.database.raw(
        'select count(*)::int as n from journal.entry where index is null',
      );
      return rows[0]?.['n'] !== 0;
    },
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
  return twin;
}

/** Jobs run at their own pace; what they write bears the hour at which the clock then stands. */
async function quiet(server: TestServer): Promise<void> {
  for (let left = 6_000; left > 0; left--) {
    const { rows } = await server.services.database.raw(`
      select (select count(*) from pgboss.job where state in ('created', 'retry', 'active')
                and start_after <= now()) +
             (select count(*) from platform.outbox where start_after is null) as open`);
    if (Number(rows[0]?.['open']) === 0) return;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  throw new Error('work is still going on after half a minute');
}

/** Several answers as one, to be compared at once. */
export function textOfAll(answers: readonly Answer[]): Answer {
  const text = ({ status, headers, body }: Answer) =>
    [status, ...headers.map((header) => header.join(': ')), body].join('\n');
  return { status: 200, headers: [], body: answers.map(text).join('\n\n') };
}

async function answerOf(response: Response): Promise<Answer> {
  const headers = [...response.headers]
    .filter(([name]) => name !== 'date' && name !== 'keep-alive')
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return { status: response.status, headers, body: await response.text() };
}

const hourMs = 3_600_000;
const addressOf = (watcher: Watcher) => `${watcher}@outside.example`;

/** A person of the party, who wants to be told everything at once. */
async function subscribe(server: TestServer, party: TestParty, watcher: Watcher): Promise<void> {
  const { link } = await server.administrator.call(directory.makeLink, {
    body: { party: party.id },
  });
  const person = await server.redeem(link, { name: 'A Person', email: addressOf(watcher) });
  const asItIs = MailPreferences.parse(await person.client.call(notify.preferences));
  const atOnce = { case: 'immediately', notice: 'immediately', message: 'immediately' } as const;
  await person.client.call(notify.setPreferences, { body: { ...asItIs, ...atOnce, quiet: null } });
}

/** Keeps what an open stream tells; it ends with the server. */
async function listen(server: TestServer, key: string, told: string[]): Promise<void> {
  const answer = await server.send({ method: 'GET', path: live.events.path, key });
  if (answer.status !== 200 || answer.body === null) {
    throw new Error(`no stream: ${await answer.text()}`);
  }
  const read = async (body: ReadableStream<Uint8Array>) => {
    for await (const bytes of body) told.push(fromUtf8(bytes));
  };
  read(answer.body).catch(() => {});
}

/**
 * Takes out of a text what is random on every server: each id, digest and long random text becomes
 * its kind and the number of its first appearance to this watcher.
 */
export function withoutChance(text: string, seen: Map<string, string>): string {
  return text.replace(random, (word) => {
    const known = seen.get(word);
    if (known !== undefined) return known;
    // A tag of 43 letters may begin like an id by chance: only the whole form tells.
    const kind = /^([a-z]+)_[0-9a-z]{26}$/.exec(word)?.[1] ?? `random ${utf8(word).length}`;
    const name = `<${kind} ${seen.size}>`;
    seen.set(word, name);
    return name;
  });
}

const random =
  /\b[a-z]+_[0-9a-hjkmnp-tv-z]{26}\b|BW-\d{4}-[0-9A-Z]{8}|\b[0-9a-f]{64}\b|[A-Za-z0-9+/_-]{40,}={0,2}/g;
