import { z } from 'zod';
import { Me } from './directory.ts';
import { Member } from './members.ts';
import { type Caller, operation, roles } from './operation.ts';
import { At, idOf, Line, MailAddress, Name, Token } from './words.ts';

/** Whoever stands at the door, signed in or not: a browser may still hold an older session. */
const anybody: readonly Caller[] = ['public', ...roles];
const signedIn: readonly Caller[] = roles;
const passkeyBytesMax = 64 * 1024;

export const Session = z.object({
  id: idOf('session'),
  /** True for the session that asks. */
  current: z.boolean(),
  startedAt: At,
  lastSeenAt: At,
  endsAt: At,
  how: z.enum(['link', 'passkey', 'organization']),
  /** Words such as "Firefox on Linux", as the browser said. */
  device: z.string(),
});
export type Session = z.infer<typeof Session>;

export const Passkey = z.object({
  id: idOf('passkey'),
  label: z.string(),
  addedAt: At,
  /** A day, not an hour. */
  lastUsedOn: z.string().nullable(),
});
export type Passkey = z.infer<typeof Passkey>;

/** What a sign-in answers beside the cookie that it sets. */
export const SignedIn = z.object({ member: Member, session: idOf('session') });

const Base64Url = z.string().regex(/^[A-Za-z0-9_-]{1,65536}$/, 'expected base64url');

/** PublicKeyCredential.toJSON() of a browser (Web Authentication Level 3, 5.1). */
const Credential = <S extends z.ZodType>(response: S) =>
  z.looseObject({
    id: Base64Url,
    rawId: Base64Url,
    type: z.literal('public-key'),
    response,
    clientExtensionResults: z.looseObject({}).default({}),
  });

/** For `navigator.credentials`, as its parse…OptionsFromJSON takes them. */
const PasskeyOptions = z.object({ options: z.looseObject({ challenge: z.string() }) });

export const session = {
  current: operation({
    id: 'session.current',
    method: 'GET',
    path: '/v1/session',
    summary: 'Who is signed in here, as a page asks before it shows anything; null: nobody',
    callers: anybody,
    output: z.object({ me: Me.nullable() }),
  }),
  preview: operation({
    id: 'session.preview',
    method: 'POST',
    path: '/v1/session/preview',
    summary: 'What a one-time link is for, without spending it',
    callers: anybody,
    body: z.strictObject({ token: Token }),
    output: z.object({
      purpose: z.enum(['sign-in', 'join']),
      /** For a link to join: which party; the name is null where the first member chooses it. */
      party: z.object({ name: z.string().nullable(), role: z.string(), isNew: z.boolean() }),
      /** The address the invitation was made out to. */
      email: z.string().nullable(),
    }),
    refusals: { 'link-not-valid': 403 },
  }),
  requestLink: operation({
    id: 'session.request-link',
    method: 'POST',
    path: '/v1/session/request-link',
    summary: 'Ask for a sign-in link by mail; the answer never tells whether the address is known',
    callers: anybody,
    body: z.strictObject({ email: MailAddress }),
    output: z.object({ asked: z.literal(true) }),
  }),
  redeem: operation({
    id: 'session.redeem',
    method: 'POST',
    path: '/v1/session/redeem',
    summary: 'Spend a one-time link: sign in, or join; sets the session cookie',
    callers: anybody,
    body: z.strictObject({
      token: Token,
      /** Needed to join: what others shall call you. */
      name: Name.optional(),
      email: MailAddress.optional(),
      /** Needed where the link leaves the name of a new party to its first member. */
      partyName: Name.optional(),
    }),
    output: SignedIn,
    refusals: { 'link-not-valid': 403, 'name-needed': 422 },
  }),
  passkeyOptions: operation({
    id: 'session.passkey-options',
    method: 'POST',
    path: '/v1/session/passkey-options',
    summary: 'A challenge to sign in with a passkey; no user name is asked',
    callers: anybody,
    output: PasskeyOptions,
  }),
  passkeySignIn: operation({
    id: 'session.passkey-sign-in',
    method: 'POST',
    path: '/v1/session/passkey-sign-in',
    summary: 'Sign in with a passkey; sets the session cookie',
    callers: anybody,
    body: z.strictObject({
      credential: Credential(
        z.looseObject({
          clientDataJSON: Base64Url,
          authenticatorData: Base64Url,
          signature: Base64Url,
          userHandle: Base64Url.nullish(),
        }),
      ),
    }),
    bodyBytesMax: passkeyBytesMax,
    output: SignedIn,
    refusals: { 'passkey-refused': 403 },
  }),
  addPasskeyOptions: operation({
    id: 'session.add-passkey-options',
    method: 'POST',
    path: '/v1/passkeys/options',
    summary: 'A challenge to add a passkey to yourself',
    callers: signedIn,
    output: PasskeyOptions,
    refusals: { 'sign-in-needed': 403, 'too-many': 409 },
  }),
  addPasskey: operation({
    id: 'session.add-passkey',
    method: 'POST',
    path: '/v1/passkeys',
    summary: 'Add a passkey to yourself',
    callers: signedIn,
    body: z.strictObject({
      label: Line,
      credential: Credential(
        z.looseObject({
          clientDataJSON: Base64Url,
          attestationObject: Base64Url,
          transports: z.array(z.string().max(20)).max(10).optional(),
        }),
      ),
    }),
    bodyBytesMax: passkeyBytesMax,
    output: Passkey,
    refusals: { 'sign-in-needed': 403, 'passkey-refused': 403, 'too-many': 409 },
  }),
  listPasskeys: operation({
    id: 'session.list-passkeys',
    method: 'GET',
    path: '/v1/passkeys',
    summary: 'List your own passkeys',
    callers: signedIn,
    output: z.object({ items: z.array(Passkey) }),
    refusals: { 'sign-in-needed': 403 },
  }),
  removePasskey: operation({
    id: 'session.remove-passkey',
    method: 'POST',
    path: '/v1/passkeys/{passkey}/remove',
    summary: 'Remove one of your passkeys',
    callers: signedIn,
    params: z.strictObject({ passkey: idOf('passkey') }),
    body: z.strictObject({
      /** The last way to sign in is removed only where this says so. */
      evenIfLast: z.boolean().default(false),
    }),
    output: z.object({ passkey: idOf('passkey') }),
    refusals: { 'sign-in-needed': 403, 'last-way-in': 409 },
  }),
  list: operation({
    id: 'session.list',
    method: 'GET',
    path: '/v1/sessions',
    summary: 'List your own sessions',
    callers: signedIn,
    output: z.object({ items: z.array(Session) }),
    refusals: { 'sign-in-needed': 403 },
  }),
  cut: operation({
    id: 'session.cut',
    method: 'POST',
    path: '/v1/sessions/cut',
    summary: 'Cut off one of your sessions, or all others, at once',
    callers: signedIn,
    body: z.strictObject({
      session: idOf('session').optional(),
      /** All but the one that asks. */
      others: z.boolean().optional(),
    }),
    output: z.object({ cut: z.number().int() }),
    refusals: { 'sign-in-needed': 403, 'cut-ambiguous': 422 },
  }),
  signOut: operation({
    id: 'session.sign-out',
    method: 'POST',
    path: '/v1/session/sign-out',
    summary: 'End this session and take its cookie away',
    callers: anybody,
    output: z.object({ signedOut: z.literal(true) }),
  }),
};
