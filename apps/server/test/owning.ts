import { authorizations, type Body, type Output } from '@breakwater/contract';
import { addMilliseconds, type Instant } from '@breakwater/kernel';
import { morning, startTestServer, type TestParty, type TestServer } from './harness.ts';
import { type NameServer, startNameServer } from './name-server.ts';
import { startWebServer, type WebServer } from './web-server.ts';

type Owner = TestParty & { readonly control: Output<typeof authorizations.control> };

export type Written = Body<typeof authorizations.authorize>;

/** A server that asks a name server and a web server of its own for proofs of control. */
export interface Owning extends AsyncDisposable {
  readonly server: TestServer;
  readonly names: NameServer;
  readonly site: WebServer;
  readonly coordinator: TestParty;
  readonly finder: TestParty;
  /** A host that nobody has spoken of. */
  freshHost(): string;
  after(ms: number): Instant;
  /** A scope of a year that names the finder. */
  scope(targets: readonly string[], more?: Partial<Written>): Written;
  /** An owner that has proven control of a host by a TXT record. */
  ownerOf(host: string, target?: string): Promise<Owner>;
  /** What the finder is told of leave, or `who`. */
  mayDo(
    target: string,
    more?: {
      readonly who?: TestParty;
      readonly at?: Instant;
      readonly method?: 'active' | 'exploit' | 'fuzz' | 'read';
    },
  ): Promise<Output<typeof authorizations.may>>;
}

export const dayMs = 24 * 60 * 60 * 1_000;

/** What a refusal looks like to whoever called. */
export const refused = (code: string) => ({ problem: { code } });

export async function startOwning(): Promise<Owning> {
  const names = await startNameServer();
  const site = await startWebServer(['*.example.org']);
  const server = await startTestServer({
    settings: {
      BREAKWATER_RESOLVER: names.address,
      BREAKWATER_LOCAL_TARGETS: '127.0.0.1',
      BREAKWATER_TARGETS_CA: site.authorityFile,
    },
  });
  const finder = await server.party('finder');
  let count = 0;
  return {
    server,
    names,
    site,
    coordinator: await server.party('coordinator'),
    finder,
    freshHost: () => `host-${count++}.example.org`,
    after: (ms) => addMilliseconds(server.clock.now(), ms),
    scope: (targets, more = {}) => ({
      targets: [...targets],
      except: [],
      methods: ['passive', 'active'],
      parties: [finder.id],
      roles: [],
      from: morning,
      until: addMilliseconds(morning, 300 * dayMs),
      pace: { requestsPerSecond: 5, connections: null },
      never: { zone: 'UTC', weekly: [], once: [] },
      contact: 'On call: +1 555 0100',
      ...more,
    }),
    async ownerOf(host, target = host) {
      const owner = await server.party('owner', `Owner of ${host}`);
      const opened = await owner.client.call(authorizations.openControl, {
        body: { target, way: 'dns' },
      });
      if (opened.challenge?.way !== 'dns') throw new Error('expected a TXT record to publish');
      names.set(opened.challenge.name, { txt: [[opened.challenge.record]] });
      const params = { control: opened.id };
      const control = await owner.client.call(authorizations.proveControl, { params });
      return { ...owner, control };
    },
    async mayDo(target, { who = finder, at, method = 'active' } = {}) {
      const query = { target, method, ...(at === undefined ? {} : { at }) };
      return await who.client.call(authorizations.may, { query });
    },
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      await names[Symbol.asyncDispose]();
      await site[Symbol.asyncDispose]();
    },
  };
}
