import { createHash } from 'node:crypto';
import { gateway, type Output, partners } from '@breakwater/contract';
import type { Id } from '@breakwater/kernel';
import type { KeyBook } from '../src/slices/frontier/gateway/index.ts';
import { type Engaged, engageModel } from './accessing.ts';
import { type SignedIn, startTestServer, type TestParty, type TestServer } from './harness.ts';
import { bookOf, giveOut, grantIn } from './keying.ts';

/** A lab whose models are called by keys, and an agency with a person who gets some. */
export interface KeyWorld extends AsyncDisposable {
  readonly server: TestServer;
  readonly developer: TestParty;
  readonly liaison: TestParty;
  readonly agency: TestParty;
  /** Of neither side. */
  readonly stranger: TestParty;
  readonly person: SignedIn;
  /** What a process of the gateway knows of a key by its secret; null: it opens nothing. */
  admit(secret: string): ReturnType<KeyBook['admit']>;
  /** A key as somebody sees it; its person unless said. */
  keyOf(gkey: Id<'gkey'>, by?: TestParty | SignedIn): Promise<Output<typeof gateway.key>>;
  /** A model with a window, a person inside, an endpoint, and what is allotted. */
  opened(more?: Parameters<typeof giveOut>[2]): Promise<Opened>;
  /** What an act changes, as processes are told. */
  changesOf(act: () => Promise<unknown>): Promise<readonly string[]>;
}

interface Opened {
  readonly engaged: Engaged;
  readonly window: Id<'window'>;
  readonly grant: Id<'grant'>;
  readonly upstream: Id<'upstream'>;
}

export async function openKeyWorld(): Promise<KeyWorld> {
  const server = await startTestServer();
  const developer = await server.party('developer', 'Lab');
  const liaison = await server.party('liaison', 'Liaison');
  const agency = await server.party('finder', 'Agency');
  const stranger = await server.party('developer', 'Else');
  const person = await server.signIn(agency, 'Dana');
  const book = bookOf(server);
  await liaison.client.call(partners.publishCriteria, { body: { why: 'we begin with these' } });
  return {
    ...{ server, developer, liaison, agency, stranger, person },
    admit: async (secret) => await book.admit(createHash('sha256').update(secret).digest()),
    keyOf: async (gkey, by = person) => await by.client.call(gateway.key, { params: { gkey } }),
    async opened(more = {}) {
      const engaged = await engageModel({ developer, liaison });
      const { window, grant } = await grantIn(engaged, person);
      const upstream = await giveOut(developer, { model: engaged.model, scope: window }, more);
      return { engaged, window, grant, upstream };
    },
    async changesOf(act) {
      const before = await book.lastChange();
      await act();
      const changes = await book.changesSince(before);
      if (changes.some(({ seq }, i) => seq !== before + i + 1)) {
        throw new Error('expected changes to be numbered without a gap');
      }
      return changes.map(({ kind, id }) => `${kind} ${id}`);
    },
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}
