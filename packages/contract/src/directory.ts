import { z } from 'zod';
import { operation, roles } from './operation.ts';
import { PageQuery, pageOf } from './page.ts';
import { At, idOf, Line, Moment } from './words.ts';

export const Party = z.object({
  id: idOf('party'),
  name: z.string(),
  role: z.enum(roles),
  createdAt: At,
});
export type Party = z.infer<typeof Party>;

export const directory = {
  addParty: operation({
    id: 'directory.add-party',
    method: 'POST',
    path: '/v1/parties',
    summary: 'Add a party: an organization or person that takes part',
    callers: ['administrator', 'coordinator'],
    body: z.strictObject({ name: Line, role: z.enum(roles) }),
    output: z.object({ id: idOf('party') }),
  }),
  listParties: operation({
    id: 'directory.list-parties',
    method: 'GET',
    path: '/v1/parties',
    summary: 'List parties',
    callers: ['administrator', 'coordinator'],
    query: PageQuery,
    output: pageOf(Party),
  }),
  addKey: operation({
    id: 'directory.add-key',
    method: 'POST',
    path: '/v1/parties/{party}/keys',
    summary: 'Make an API key for a party; the key is shown once and stored hashed',
    callers: ['administrator'],
    params: z.strictObject({ party: idOf('party') }),
    body: z.strictObject({
      label: Line,
      /** Operation ids the key may call; absent: all that the role may. */
      scope: z.array(z.string().max(60)).max(60).optional(),
      expiresAt: Moment.optional(),
    }),
    output: z.object({ id: idOf('key'), key: z.string(), expiresAt: At.nullable() }),
  }),
  revokeKey: operation({
    id: 'directory.revoke-key',
    method: 'POST',
    path: '/v1/keys/{key}/revoke',
    summary: 'Cut off an API key at once',
    callers: ['administrator', 'coordinator'],
    params: z.strictObject({ key: idOf('key') }),
    output: z.object({ id: idOf('key') }),
  }),
  whoAmI: operation({
    id: 'directory.who-am-i',
    method: 'GET',
    path: '/v1/me',
    summary: 'Which party this key speaks for, and what it may call',
    callers: ['coordinator', 'finder', 'owner', 'operator', 'auditor'],
    output: z.object({ party: Party, permissions: z.array(z.string()) }),
  }),
};
