import { directory as contract } from '@breakwater/contract';
import { ok } from '@breakwater/kernel';
import { type Route, responseOf, route } from '../../route.ts';
import type { Services } from '../../services.ts';
import { decideRole, findRole, listRoles, putRole } from './roles.ts';

/** Roles as rows: what each may call, and those of the administrator's own. */
export function policyRoutes({ database, execute, content }: Services): readonly Route[] {
  return [
    route(contract.addRole, async ({ body, envelope }) => {
      const title = await content.putText(body.title, 'title.txt');
      const executed = await execute(envelope, async (tx) => {
        const decided = decideRole(body, await findRole(tx, body.name));
        if (!decided.ok) return decided;
        const { name } = body;
        const permissions = [...new Set(body.permissions)].toSorted();
        const principals = [...new Set(body.principals)].toSorted();
        await putRole(tx, { name, title_content: title.id, permissions, principals });
        const data = { role: name, permissions, principals };
        return ok({
          events: [{ act: 'directory.role-added', subject: name, data }],
          contents: [{ ref: title, subject: name, level: 1 }],
          response: { name },
        });
      });
      return responseOf(executed);
    }),
    route(contract.listRoles, async () => {
      const rows = await database.read(listRoles);
      const items = await Promise.all(
        rows.map(async (row) => ({
          name: row.name,
          title: row.title_content === null ? null : await content.getText(row.title_content),
          permissions: [...row.permissions],
          principals: [...row.principals],
          builtIn: row.built_in,
        })),
      );
      return ok({ items });
    }),
  ];
}
