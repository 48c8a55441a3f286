import { operations, type Role, roles } from '@breakwater/contract';
import { sql } from 'kysely';
import { coordinators, type Principal } from '../commands/audience.ts';
import type { Database } from '../database/database.ts';

/** What each built-in role reads as, beside itself and the public (docs/rules/policy.md). */
const principals: Readonly<Record<Role, readonly Principal[]>> = {
  coordinator: [coordinators],
  finder: [],
  owner: [],
  operator: [],
  auditor: [],
  evaluator: [],
  developer: [],
  liaison: [],
  official: [],
};

/** A role that comes with the product: its permissions are the contract's `callers`. */
export interface BuiltInRole {
  readonly name: Role;
  readonly permissions: readonly string[];
  readonly principals: readonly Principal[];
}

export const builtInRoles: readonly BuiltInRole[] = roles.map((name) => ({
  name,
  permissions: operations.filter((o) => o.callers.includes(name)).map((o) => o.id),
  principals: principals[name],
}));

/** Makes the rows of the built-in roles equal to the contract, which is the one place they stand. */
export async function keepBuiltInRoles(database: Database): Promise<void> {
  await database.write(async (tx) => {
    for (const role of builtInRoles) {
      const permissions = [...role.permissions];
      const readsAs = [...role.principals];
      await tx.run(sql`
        insert into directory.role (name, permissions, principals, built_in)
        values (${role.name}, ${permissions}, ${readsAs}, true)
        on conflict (name) do update
          set permissions = excluded.permissions, principals = excluded.principals, built_in = true
          where (role.permissions, role.principals, role.built_in)
            is distinct from (excluded.permissions, excluded.principals, true)`);
    }
  });
}
