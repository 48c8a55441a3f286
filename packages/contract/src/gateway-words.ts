import { Currency, limitMax, Prices } from '@breakwater/meter';
import { z } from 'zod';
import { partnerAsks } from './partner-words.ts';
import { At, idOf, PartyRef } from './words.ts';

const Amount = z.number().int().min(0).max(limitMax);
const Tokens = z.number().int().min(1).max(1_000_000_000);

/** Of what a quota is, beside how many requests are under way at one time. */
export const quotaKinds = ['requests', 'inputTokens', 'outputTokens', 'costMicros'] as const;
export type QuotaKind = (typeof quotaKinds)[number];

/** Of which time: a minute or a day of UTC, or the whole life of the key. */
export const quotaSpans = ['minute', 'day', 'grant'] as const;
export type QuotaSpan = (typeof quotaSpans)[number];

/** So much of some kinds; what is left out has no limit. Money in millionths of a unit. */
export const Quota = z.strictObject({
  requests: Amount.optional(),
  inputTokens: Amount.optional(),
  outputTokens: Amount.optional(),
  costMicros: Amount.optional(),
});
export type Quota = Readonly<z.infer<typeof Quota>>;

/** What a key takes at most. */
export const KeyLimits = z
  .strictObject({
    /** Output tokens of one request. */
    outputTokensMax: Tokens,
    /** Requests under way at one time. */
    concurrency: z.number().int().min(0).max(100_000),
    minute: Quota,
    day: Quota,
    grant: Quota,
    /** Of `costMicros`; null where money is not limited. */
    currency: Currency.nullable(),
  })
  .refine(
    ({ currency, ...spans }) =>
      currency !== null || quotaSpans.every((span) => spans[span].costMicros === undefined),
    { error: 'expected a currency where money is limited', path: ['currency'] },
  );
export type KeyLimits = Readonly<z.infer<typeof KeyLimits>>;

/** How an upstream is spoken to. */
export const upstreamKinds = ['openai', 'anthropic'] as const;

/** Under which of its two names an endpoint of the OpenAI form obeys a limit of a chat's output. */
export const chatLimitNames = ['max_completion_tokens', 'max_tokens'] as const;

/** A name that clients say for a model: visible ASCII, as both interfaces write it. */
export const ModelName = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._:/-]{0,99}$/, 'expected letters, digits and . _ : / -');

/** For whom bodies are encrypted that are kept (age v1, X25519). */
export const AgeRecipient = z
  .string()
  .regex(/^age1[02-9ac-hj-np-z]{58}$/, 'expected an age recipient: age1 and 58 characters');

/**
 * Where a developer serves its model: https, or http on this very machine; without user, query and
 * fragment. Paths of the interface, such as /v1/messages, are put behind it.
 */
export const UpstreamUrl = z
  .string()
  .max(500)
  .refine((text) => {
    if (!URL.canParse(text)) return false;
    const { protocol, hostname, username, password, search, hash } = new URL(text);
    const isHere = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/.test(hostname);
    if (!(protocol === 'https:' || (protocol === 'http:' && isHere))) return false;
    return `${username}${password}${search}${hash}` === '' && !/[?#]/.test(text);
  }, 'expected an https address (http on loopback alone) without user, query and fragment')
  .refine(
    (text) => !/\/v1\/*$/.test(text),
    'expected one without /v1 at its end: each call adds it',
  )
  .transform((text) => text.replace(/\/+$/, ''));

/** What whoever calls has to hold beside the key (RFC 9449, RFC 8705). */
export const KeyProof = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('none') }),
  z.strictObject({
    kind: z.enum(['dpop', 'mtls']),
    /** SHA-256 in base64url: of the public JWK (RFC 7638), or of the certificate in DER. */
    thumbprint: z.string().regex(/^[A-Za-z0-9_-]{43}$/, 'expected a SHA-256 in base64url'),
  }),
]);
export type KeyProof = z.infer<typeof KeyProof>;

/** What an upstream is, but for its secret. */
const upstreamShape = {
  kind: z.enum(upstreamKinds),
  /** What the model is called there. */
  modelName: z.string().regex(/^[\x21-\x7e]{1,200}$/, 'expected a name without spaces'),
  /** The most tokens that go in, and out, by one call. */
  contextTokens: Tokens,
  outputMax: Tokens,
  /** Calls under way at one time from each process of the gateway. */
  concurrent: z.number().int().min(1).max(100_000),
  prices: Prices,
  /** Those with a smaller place are tried first. */
  place: z.number().int().min(0).max(1_000),
};

export const UpstreamWish = z.strictObject({
  ...upstreamShape,
  baseUrl: UpstreamUrl,
  /** The one name that it obeys, and gets whichever a client used; left out: it obeys both. */
  limitName: z.enum(chatLimitNames).optional(),
});

/** A developer's endpoint as it sees it itself; its secret stands in no answer. */
export const GatewayUpstream = z.object({
  ...upstreamShape,
  id: idOf('upstream'),
  model: idOf('model'),
  /** null: erased; nothing is sent there. */
  baseUrl: z.string().nullable(),
  modelName: z.string().nullable(),
  /** null: it obeys both. */
  limitName: z.enum(chatLimitNames).nullable(),
  addedAt: At,
  removedAt: At.nullable(),
  revision: z.number().int(),
});
export type GatewayUpstream = z.infer<typeof GatewayUpstream>;

const allotmentShape = {
  /** What clients say for the model; the first is the one that is told. */
  names: z.array(ModelName).min(1).max(10),
  /** Of each grant, or partnership, all its keys together. */
  limits: KeyLimits,
  keysMax: z.number().int().min(1).max(1_000),
  /** Every key is bound to a key pair or a certificate: for the highest tier. */
  demandsProof: z.boolean(),
  /** Bodies are kept, encrypted to these; none: nothing is kept. */
  keepsFor: z.array(AgeRecipient).max(10),
};

export const AllotmentWish = z.strictObject(allotmentShape);

const Scope = z.union([idOf('window'), idOf('tier')]);

/** What a developer gives in a window or in a tier. */
export const Allotment = z.object({
  ...allotmentShape,
  of: Scope,
  at: At,
  revision: z.number().int(),
});
export type Allotment = z.infer<typeof Allotment>;

/** What has to hold for a key to be taken, and does not. */
export const keyConditions = [
  'ended',
  'expired',
  'cut-off',
  'grant-not-active',
  'holder-gone',
  'nothing-allotted',
  'proof-demanded',
  'no-upstream',
] as const;
export type KeyCondition = (typeof keyConditions)[number];

/** On what a key stands: a grant of early access, or a partnership. */
const Stand = z.union([idOf('grant'), idOf('partner')]);

/** A person or a service; null: its name was erased. */
export const HolderRef = z.object({
  id: idOf('member'),
  name: z.string().nullable(),
  party: PartyRef,
});

/** What the caller may have keys on. */
export const GatewayOffer = z.object({
  standsOn: Stand,
  of: Scope,
  developer: PartyRef,
  gives: z.enum(partnerAsks),
  names: z.array(z.string()),
  /** In which forms it can be called: those of its endpoints. */
  speaks: z.array(z.enum(upstreamKinds)),
  /** Altogether, and what of it no key has yet. */
  limits: KeyLimits,
  left: KeyLimits.nullable(),
  keysLeft: z.number().int(),
  demandsProof: z.boolean(),
  /** Whether bodies are kept, and for whom. */
  keepsFor: z.array(z.string()),
  until: At,
});
export type GatewayOffer = z.infer<typeof GatewayOffer>;

/** A cut-off, as those read it whom it is about. */
export const Cut = z.object({
  id: idOf('cut'),
  of: z.union([
    idOf('gkey'),
    idOf('member'),
    idOf('party'),
    idOf('window'),
    idOf('tier'),
    idOf('model'),
  ]),
  by: PartyRef,
  at: At,
  /** null: erased. */
  reason: z.string().nullable(),
  liftedAt: At.nullable(),
});
export type Cut = z.infer<typeof Cut>;

export const GatewayKey = z.object({
  id: idOf('gkey'),
  name: z.string().nullable(),
  holder: HolderRef,
  party: PartyRef,
  developer: PartyRef,
  standsOn: Stand,
  of: Scope,
  gives: z.enum(partnerAsks),
  /** Told to its developer alone. */
  model: idOf('model').nullable(),
  /** What clients say for the model. */
  names: z.array(z.string()),
  /** In which forms it can be called: those of its endpoints. */
  speaks: z.array(z.enum(upstreamKinds)),
  /** As they hold now: what was lowered since counts at once. */
  limits: KeyLimits,
  proof: KeyProof,
  keepsFor: z.array(z.string()),
  usageInStreams: z.enum(['as-asked', 'always']),
  issuedAt: At,
  /** It ends then at the latest. */
  until: At,
  endedAt: At.nullable(),
  /** By the server's clock, at `asOf`. */
  active: z.boolean(),
  missing: z.array(z.enum(keyConditions)),
  cuts: z.array(Cut),
  asOf: At,
});
export type GatewayKey = z.infer<typeof GatewayKey>;
