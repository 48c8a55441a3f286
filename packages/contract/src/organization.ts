import { z } from 'zod';
import { operation } from './operation.ts';
import { At, idOf } from './words.ts';

const Issuer = z
  .string()
  .max(300)
  .refine((text) => URL.canParse(text) && /^https?:\/\/[^?#@\\]+$/.test(text), {
    message:
      'expected the issuer as its discovery document writes it, such as https://sso.example.org',
  });

/** What a person's claims must show to come in: a mail domain that the issuer confirmed, or a claim. */
const Admits = z.discriminatedUnion('by', [
  z.strictObject({
    by: z.literal('email-domain'),
    domain: z
      .string()
      .max(253)
      .regex(
        /^[a-z0-9](?:[a-z0-9-]{0,62}\.)+[a-z]{2,63}$/,
        'expected a domain such as example.org',
      ),
  }),
  z.strictObject({
    by: z.literal('claim'),
    name: z.string().regex(/^[A-Za-z0-9_:/.-]{1,200}$/, 'expected the name of a claim'),
    value: z.string().min(1).max(300),
  }),
]);
export type Admits = z.infer<typeof Admits>;

/** An organization's own sign-in (OpenID Connect) for one party. The client secret is never shown. */
export const Provider = z.object({
  id: idOf('provider'),
  party: idOf('party'),
  issuer: z.string(),
  clientId: z.string(),
  admits: Admits,
  joins: z.boolean(),
  /** Where its people begin, to be given to them. */
  start: z.string(),
  /** To be named to the issuer as the redirect URI. */
  callback: z.string(),
  createdAt: At,
});
export type Provider = z.infer<typeof Provider>;

export const organization = {
  addProvider: operation({
    id: 'organization.add-provider',
    method: 'POST',
    path: '/v1/providers',
    summary: 'Let the people of one party sign in at their own organization (OpenID Connect)',
    callers: ['administrator'],
    body: z.strictObject({
      party: idOf('party'),
      issuer: Issuer,
      clientId: z.string().min(1).max(300),
      clientSecret: z.string().min(1).max(1_000),
      admits: Admits,
      /** Whoever is admitted and not known yet becomes a member of the party. */
      joins: z.boolean().default(false),
    }),
    output: Provider.pick({ id: true, start: true, callback: true }),
    refusals: { 'issuer-not-allowed': 422 },
  }),
  listProviders: operation({
    id: 'organization.list-providers',
    method: 'GET',
    path: '/v1/providers',
    summary: 'List the organizations whose people sign in at home',
    callers: ['administrator'],
    output: z.object({ items: z.array(Provider) }),
  }),
  removeProvider: operation({
    id: 'organization.remove-provider',
    method: 'POST',
    path: '/v1/providers/{provider}/remove',
    summary:
      'End an organization’s sign-in; its members stay, and their sessions end when they end',
    callers: ['administrator'],
    params: z.strictObject({ provider: idOf('provider') }),
    output: z.object({ id: idOf('provider') }),
  }),
};
