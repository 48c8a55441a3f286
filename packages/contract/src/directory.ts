import { z } from 'zod';
import { Member, members } from './members.ts';
import { operation, roles } from './operation.ts';
import { PageQuery, pageOf } from './page.ts';
import { RoleName, roleOperations } from './roles.ts';
import { At, idOf, Line, Moment, Name } from './words.ts';

export const Party = z.object({
  id: idOf('party'),
  name: z.string(),
  role: RoleName,
  createdAt: At,
});
export type Party = z.infer<typeof Party>;

/** An API key as it is listed: never the key. */
export const ApiKey = z.object({
  id: idOf('key'),
  party: idOf('party'),
  /** The service account it speaks for, if it was made for one. */
  member: idOf('member').nullable(),
  label: z.string(),
  scope: z.array(z.string()).nullable(),
  createdAt: At,
  expiresAt: At.nullable(),
  revokedAt: At.nullable(),
  /** A day, not an hour. */
  lastUsedOn: z.string().nullable(),
});
export type ApiKey = z.infer<typeof ApiKey>;

/** Who is calling, and what it may call. */
export const Me = z.object({
  party: Party,
  /** null for a key that speaks for the party as such. */
  member: Member.nullable(),
  permissions: z.array(z.string()),
});
export type Me = z.infer<typeof Me>;

export const directory = {
  addParty: operation({
    id: 'directory.add-party',
    method: 'POST',
    path: '/v1/parties',
    summary: 'Add a party: an organization or person that takes part',
    callers: ['administrator', 'coordinator'],
    body: z.strictObject({ name: Name, role: RoleName }),
    output: z.object({ id: idOf('party') }),
    refusals: { 'role-unknown': 422 },
  }),
  listParties: operation({
    id: 'directory.list-parties',
    method: 'GET',
    path: '/v1/parties',
    summary: 'List parties',
    callers: ['administrator', 'coordinator'],
    query: PageQuery.extend({
      /** Those of one role, by its name. */
      role: RoleName.optional(),
      party: idOf('party').optional(),
    }),
    output: pageOf(Party),
  }),
  addKey: operation({
    id: 'directory.add-key',
    method: 'POST',
    path: '/v1/parties/{party}/keys',
    summary: 'Make an API key for a party; the key is shown once and stored hashed',
    callers: ['administrator', ...roles],
    params: z.strictObject({ party: idOf('party') }),
    body: z.strictObject({
      label: Line,
      /** A service account of the party that the key shall speak for. */
      member: idOf('member').optional(),
      /** Operation ids the key may call; absent: all that the role may. */
      scope: z.array(z.string().max(60)).max(60).optional(),
      expiresAt: Moment.optional(),
    }),
    output: z.object({ id: idOf('key'), key: z.string(), expiresAt: At.nullable() }),
    refusals: { 'managing-member-needed': 403, 'too-many': 409 },
  }),
  listKeys: operation({
    id: 'directory.list-keys',
    method: 'GET',
    path: '/v1/keys',
    summary: 'List the API keys of your party; the administrator names any',
    callers: ['administrator', ...roles],
    query: PageQuery.extend({ party: idOf('party').optional() }),
    output: pageOf(ApiKey),
    refusals: { 'managing-member-needed': 403 },
  }),
  revokeKey: operation({
    id: 'directory.revoke-key',
    method: 'POST',
    path: '/v1/keys/{key}/revoke',
    summary: 'Cut off an API key at once',
    callers: ['administrator', ...roles],
    params: z.strictObject({ key: idOf('key') }),
    output: z.object({ id: idOf('key') }),
    refusals: { 'managing-member-needed': 403 },
  }),
  whoAmI: operation({
    id: 'directory.who-am-i',
    method: 'GET',
    path: '/v1/me',
    summary: 'Who you are: your party, yourself where you signed in, and what you may call',
    callers: roles,
    output: Me,
  }),
  ...members,
  ...roleOperations,
};
