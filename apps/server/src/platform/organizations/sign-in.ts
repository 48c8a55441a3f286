import {
  type Id,
  type Instant,
  type Json,
  ok,
  type Refusal,
  type Result,
  refuse,
} from '@breakwater/kernel';
import type { Context } from 'hono';
import {
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  ClientSecretBasic,
  type Configuration,
  type CustomFetch,
  calculatePKCECodeChallenge,
  customFetch,
  discovery,
  randomNonce,
  randomPKCECodeVerifier,
  randomState,
} from 'openid-client';
import type { Services } from '../../services.ts';
import type { Event, NewContent } from '../commands/commands.ts';
import { publicEnvelope } from '../commands/public-envelope.ts';
import type { Transaction } from '../database/database.ts';
import { sessionCookie } from '../directory/cookie.ts';
import { deviceWords } from '../directory/device.ts';
import { lives } from '../directory/lives.ts';
import { findMember, insertMember } from '../directory/members.ts';
import { makeSecret } from '../directory/secret.ts';
import { openSession } from '../directory/sessions.ts';
import { type Claims, isAdmitted, nameIn } from './claims.ts';
import { type Flow, flowCookie, flowIn } from './flow.ts';
import { isAllowed, safeFetch } from './safe-fetch.ts';
import {
  findProvider,
  insertIdentity,
  memberBehind,
  type ProviderRow,
  type Settings,
  settingsOf,
  subjectHash,
} from './store.ts';

export interface OrganizationDoor {
  /** Sends the browser to its organization. */
  start(c: Context, provider: string): Promise<Response>;
  /** Takes the browser back, signed in or not. */
  back(c: Context, provider: string): Promise<Response>;
}

/** The time for which an issuer's published addresses and keys are believed without asking again. */
const keptMs = 60 * 60 * 1_000;

/** Where a browser is sent that was not let in; the page says the rest, the same for every reason. */
const refusedPage = '/sign-in?refused=organization';

/**
 * Sign-in at an organization: OpenID Connect Core 3.1 with PKCE (RFC 7636), state and nonce, and a
 * redirect URI per issuer against mix-up (RFC 9700, 4.4). Whoever is refused learns no reason; the
 * administrator's log does.
 */
export function organizationDoor(
  services: Services,
  told: (error: unknown) => void,
): OrganizationDoor {
  const { database, content } = services;
  const known = new Map<string, { readonly configuration: Configuration; readonly at: number }>();

  async function open(id: string): Promise<Open | null> {
    const row = await database.read((r) => findProvider(r, id));
    const settings = row === null ? null : await settingsOf(content, row);
    if (row === null || settings === null) return null;
    const kept = known.get(id);
    if (kept !== undefined && performance.now() - kept.at < keptMs) {
      return { row, settings, configuration: kept.configuration };
    }
    const configuration = await configure(settings, services.localIssuers);
    known.set(id, { configuration, at: performance.now() });
    return { row, settings, configuration };
  }

  return {
    async start(c, id) {
      try {
        const found = await open(id);
        if (found === null) return c.notFound();
        const flow = newFlow(id);
        const to = buildAuthorizationUrl(found.configuration, {
          redirect_uri: callbackOf(services, id),
          scope: 'openid email profile',
          state: flow.state,
          nonce: flow.nonce,
          code_challenge: await calculatePKCECodeChallenge(flow.verifier),
          code_challenge_method: 'S256',
        });
        if (!isAllowed(to, services.localIssuers.includes(to.origin))) {
          throw new Error(`the issuer sends people to ${to.origin}`);
        }
        c.header('set-cookie', flowCookie(services.site(), flow));
        return c.redirect(to.href, 303);
      } catch (error) {
        told(error);
        return c.redirect(refusedPage, 303);
      }
    },
    async back(c, id) {
      const site = services.site();
      const flow = flowIn(c.req.header('cookie'), site);
      // One try each: whatever comes back a second time has no flow to belong to.
      c.header('set-cookie', flowCookie(site, null), { append: true });
      try {
        const found = flow?.provider === id ? await open(id) : null;
        if (flow === null || found === null) return c.redirect(refusedPage, 303);
        const claims = await claimsOf(c, found, { flow, callback: callbackOf(services, id) });
        const opened = await signIn(services, found, {
          claims,
          key: flow.state,
          userAgent: c.req.header('user-agent') ?? '',
        });
        if (!opened.ok) throw new Error(opened.refusal.code);
        const kept = { token: opened.value.secret, seconds: lives.session / 1_000 };
        c.header('set-cookie', sessionCookie(site, kept), { append: true });
        return c.redirect('/', 303);
      } catch (error) {
        told(error);
        return c.redirect(refusedPage, 303);
      }
    },
  };
}

interface Open {
  readonly row: ProviderRow;
  readonly settings: Settings;
  readonly configuration: Configuration;
}

function newFlow(provider: string): Flow {
  return {
    provider,
    state: randomState(),
    nonce: randomNonce(),
    verifier: randomPKCECodeVerifier(),
  };
}

function callbackOf(services: Services, id: string): string {
  return `${services.site().url}/sign-in/organization/${id}/callback`;
}

async function configure(
  settings: Settings,
  localIssuers: readonly string[],
): Promise<Configuration> {
  const { protocol, origin } = new URL(settings.issuer);
  const plain = protocol === 'http:' && localIssuers.includes(origin);
  const ask: CustomFetch = (url, { method, headers, body }) =>
    safeFetch(
      url,
      { method, headers, body: body instanceof URLSearchParams ? body.toString() : undefined },
      localIssuers,
    );
  return await discovery(
    new URL(settings.issuer),
    settings.clientId,
    undefined,
    ClientSecretBasic(settings.clientSecret),
    { [customFetch]: ask, execute: plain ? [allowInsecureRequests] : [] },
  );
}

/** The claims of the ID token that the code was good for; rejects for everything that is not right. */
async function claimsOf(
  c: Context,
  { configuration }: Open,
  { flow, callback }: { readonly flow: Flow; readonly callback: string },
): Promise<Claims & { readonly iss: string; readonly sub: string }> {
  const query = new URL(c.req.url).search;
  const tokens = await authorizationCodeGrant(configuration, new URL(`${callback}${query}`), {
    expectedState: flow.state,
    expectedNonce: flow.nonce,
    pkceCodeVerifier: flow.verifier,
    idTokenExpected: true,
  });
  const claims = tokens.claims();
  if (claims === undefined) throw new Error('the issuer gave no ID token');
  return claims;
}

interface Arriving {
  readonly claims: Claims & { readonly iss: string; readonly sub: string };
  /** Fresh in each flow. */
  readonly key: string;
  readonly userAgent: string;
}

async function signIn(
  services: Services,
  { row, settings }: Open,
  { claims, key, userAgent }: Arriving,
): Promise<Result<{ readonly secret: string }>> {
  if (!isAdmitted(claims, settings.admits)) return refuse(notAdmitted);
  const { content, database, execute } = services;
  const hash = subjectHash(row.id, claims.iss, claims.sub);
  const before = await database.read((r) => memberBehind(r, hash));
  if (before === null && !row.joins) return refuse(notAdmitted);
  const { secret, hash: tokenHash } = makeSecret();
  const device = await content.putText(deviceWords(userAgent), 'device.txt');
  const name = before === null ? await content.putText(nameIn(claims), 'name.txt') : null;
  const request: Json = { provider: row.id, subject: hash.toString('hex') };
  const envelope = publicEnvelope('organization.sign-in', key, request);
  const executed = await execute(envelope, async (tx, now) => {
    const arrived = await memberOf(tx, { row, hash, name, now });
    if (!arrived.ok) return arrived;
    const { member, events, contents } = arrived.value;
    const opened = await openSession(tx, member, {
      how: 'organization',
      hash: tokenHash,
      device,
      replaces: null,
      now,
    });
    return ok({
      events: [...events, opened.event],
      contents: [...contents, opened.content],
      response: { session: opened.id },
    });
  });
  if (!executed.ok) return executed;
  // The same flow again: its session was given away once.
  return executed.value.replayed ? refuse(notAdmitted) : ok({ secret });
}

interface Arrived {
  readonly member: Id<'member'>;
  readonly events: readonly Event[];
  readonly contents: readonly NewContent[];
}

/** The member somebody is, or becomes where the administrator said so. Never one that was removed. */
async function memberOf(
  tx: Transaction,
  given: {
    readonly row: ProviderRow;
    readonly hash: Buffer;
    readonly name: NewContent['ref'] | null;
    readonly now: Instant;
  },
): Promise<Result<Arrived>> {
  const { row, hash, name, now } = given;
  const known = await memberBehind(tx, hash);
  if (known !== null) {
    const member = await findMember(tx, known.member);
    if (member === null || member.party !== row.party) return refuse(notAdmitted);
    return ok({ member: member.id, events: [], contents: [] });
  }
  if (name === null || (await findProvider(tx, row.id)) === null) return refuse(notAdmitted);
  const { party } = row;
  // Whoever joins so manages nothing; its role is the party's, whatever the claims say.
  const manages = false;
  const member = await insertMember(tx, { party, kind: 'person', name, email: null, manages, now });
  await insertIdentity(tx, hash, { provider: row.id, member, now });
  const data = { party, member, provider: row.id, manages };
  return ok({
    member,
    events: [{ act: 'directory.member-joined', subject: party, data }],
    contents: [{ ref: name, subject: member, level: 1 }],
  });
}

const notAdmitted: Refusal = {
  code: 'link-not-valid',
  expected: 'somebody whom the administrator lets in from this organization',
  got: 'somebody else',
  todo: 'ask a managing member of your party',
};
