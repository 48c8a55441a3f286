import { z } from 'zod';
import { operation } from './operation.ts';
import { Line } from './words.ts';

/** The name of a role's row: a built-in one, or one that the administrator added. */
export const RoleName = z
  .string()
  .regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/, 'expected a role: small letters, digits and hyphens')
  .min(3)
  .max(40);

/** What a role may call, and what it reads as beside itself and the public. */
export const RoleRow = z.object({
  name: RoleName,
  /** null for a built-in role. */
  title: z.string().nullable(),
  permissions: z.array(z.string()),
  principals: z.array(z.string()),
  builtIn: z.boolean(),
});
export type RoleRow = z.infer<typeof RoleRow>;

export const roleOperations = {
  addRole: operation({
    id: 'directory.add-role',
    method: 'POST',
    path: '/v1/roles',
    summary: 'Add a role of your own, or alter one, by what it may call',
    callers: ['administrator'],
    body: z.strictObject({
      name: RoleName,
      title: Line,
      /** Operation ids. */
      permissions: z.array(z.string().max(60)).min(1).max(500),
      /** Such as coordinators: what it reads as. */
      principals: z.array(z.string().max(60)).max(10).default([]),
    }),
    output: z.object({ name: RoleName }),
    refusals: {
      'operation-unknown': 422,
      'permission-too-wide': 422,
      'principal-unknown': 422,
      'role-built-in': 409,
      'way-out-missing': 422,
    },
  }),
  listRoles: operation({
    id: 'directory.list-roles',
    method: 'GET',
    path: '/v1/roles',
    summary: 'List the roles and what each may call',
    callers: ['administrator', 'coordinator'],
    output: z.object({ items: z.array(RoleRow) }),
  }),
};
