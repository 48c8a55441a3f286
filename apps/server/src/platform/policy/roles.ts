import { operations } from '@breakwater/contract';
import type { Id } from '@breakwater/kernel';
import { ok, type Refusal, type Result, refuse } from '@breakwater/kernel';
import { sql } from 'kysely';
import type { Actor } from '../commands/commands.ts';
import type { Reader, Transaction } from '../database/database.ts';
import { builtInRoles } from './built-in.ts';

export interface RoleRow {
  readonly name: string;
  readonly title_content: Id<'content'> | null;
  readonly permissions: readonly string[];
  readonly principals: readonly string[];
  readonly built_in: boolean;
}

/** Every role, the built-in ones first. There are as many as an administrator writes by hand. */
export async function listRoles(reader: Reader): Promise<readonly RoleRow[]> {
  return await reader.rows(sql<RoleRow>`
    select name, title_content, permissions, principals, built_in from directory.role
    order by built_in desc, name limit 1000`);
}

export async function findRole(reader: Reader, name: string): Promise<RoleRow | null> {
  return await reader.row(sql<RoleRow>`
    select name, title_content, permissions, principals, built_in from directory.role
    where name = ${name}`);
}

/** Adds a role of the administrator's, or alters it; who holds it is ruled by it from the next call on. */
export async function putRole(tx: Transaction, role: Omit<RoleRow, 'built_in'>): Promise<void> {
  await tx.run(sql`
    insert into directory.role (name, title_content, permissions, principals, built_in)
    values (${role.name}, ${role.title_content}, ${[...role.permissions]}, ${[...role.principals]}, false)
    on conflict (name) do update set title_content = excluded.title_content,
      permissions = excluded.permissions, principals = excluded.principals`);
}

export type RoleCode =
  | 'role-built-in'
  | 'operation-unknown'
  | 'permission-too-wide'
  | 'principal-unknown'
  | 'way-out-missing';

/** Whoever may come into something freely may also leave it (Executive Order 14409, Sec. 3(c)). */
const waysOut = [
  { into: 'engage.open', out: ['engage.leave', 'engage.release'] },
  { into: 'early-access.open-window', out: ['early-access.shorten', 'early-access.end'] },
] as const;

/**
 * Whether a role may be what is wished: of known operations, with nothing that no built-in role has.
 * So the administrator's own operations stay with whoever holds the machine.
 */
export function decideRole(
  wish: {
    readonly name: string;
    readonly permissions: readonly string[];
    readonly principals: readonly string[];
  },
  standing: Pick<RoleRow, 'built_in'> | null,
): Result<null, RoleCode> {
  if (standing?.built_in === true) {
    return refuse({
      code: 'role-built-in',
      expected: 'a name of your own',
      got: `${wish.name}, which comes with the product`,
      todo: 'choose another name',
      pointer: '/name',
    });
  }
  const unknown = wish.permissions.find((id) => !operations.some((o) => o.id === id));
  if (unknown !== undefined) {
    return refuse({
      code: 'operation-unknown',
      expected: 'operation ids, such as coordinate.get',
      got: JSON.stringify(unknown),
      todo: 'see /docs for the ids',
      pointer: '/permissions',
    });
  }
  const tooWide = wish.permissions.find(
    (id) => !builtInRoles.some((role) => role.permissions.includes(id)),
  );
  if (tooWide !== undefined) {
    return refuse({
      code: 'permission-too-wide',
      expected: 'operations that some built-in role may call',
      got: `${tooWide}, which none may`,
      todo: 'leave it out: it stays with whoever holds the machine',
      pointer: '/permissions',
    });
  }
  const way = waysOut.find(
    ({ into, out }) =>
      wish.permissions.includes(into) && out.some((id) => !wish.permissions.includes(id)),
  );
  if (way !== undefined) {
    return refuse({
      code: 'way-out-missing',
      expected: `with ${way.into} also ${way.out.join(', ')}`,
      got: 'a role that can go in and not out',
      todo: `name these as well, or leave ${way.into} out`,
      pointer: '/permissions',
    });
  }
  const noPrincipal = wish.principals.find(
    (name) => !builtInRoles.some((role) => role.principals.includes(name)),
  );
  if (noPrincipal !== undefined) {
    return refuse({
      code: 'principal-unknown',
      expected: 'an audience that is not a single party, such as coordinators',
      got: JSON.stringify(noPrincipal),
      todo: 'leave it out, or name one of those',
      pointer: '/principals',
    });
  }
  return ok(null);
}

/**
 * Whether `actor` may bring in a party of this role: one that sees what it does not see itself is
 * the administrator's to let in.
 */
export function mayGive(actor: Actor, role: Pick<RoleRow, 'principals'>): boolean {
  return (
    actor.id === 'administrator' || role.principals.every((name) => actor.principals.includes(name))
  );
}

export const widerRole: Refusal<'not-permitted'> = {
  code: 'not-permitted',
  expected: 'a role that sees no more than your own',
  got: 'one that sees more',
  todo: 'ask the administrator to bring that party in',
};

/** Said to whoever names a role that has no row. */
export function roleUnknown(name: string) {
  return {
    code: 'role-unknown',
    expected: 'the name of a role that is here',
    got: JSON.stringify(name),
    todo: 'list the roles, or let the administrator add it first',
  } as const;
}
