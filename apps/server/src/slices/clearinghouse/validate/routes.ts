import { owner, validate } from '@breakwater/contract';
import { ok, refuse } from '@breakwater/kernel';
import { parseCursor } from '../../../page.ts';
import type { Actor } from '../../../platform/commands/commands.ts';
import type { Reader } from '../../../platform/database/database.ts';
import { fileRoute, notFound, type Route, responseOf, route } from '../../../route.ts';
import type { Services } from '../../../services.ts';
import { bundleBytes, decodeFiles } from './bundle.ts';
import { requestValidation, type ValidateNeeds } from './jobs.ts';
import { reproducer } from './reproducer.ts';
import { findAttestation, findRecipe, insertRecipe, listRecipes, validationsOf } from './store.ts';
import { validationView } from './views.ts';

/** What the routes ask of other slices; bound in slices/index.ts. */
export interface ValidateRouteNeeds extends ValidateNeeds {
  /** The findings of a case that `actor` may see in detail. */
  visibleFindings(reader: Reader, caseId: string, actor: Actor): Promise<readonly string[]>;
}

/** The operations of this slice. */
export function validateRoutes(services: Services, needs: ValidateRouteNeeds): readonly Route[] {
  const { database, execute, content, proving } = services;
  return [
    route(validate.addRecipe, async ({ body, envelope }) => {
      const files = decodeFiles(body.files);
      if (files === null) return refuse(notBase64);
      const read = await proving.read(files);
      if (!read.ok) return refuse({ ...read.refusal, code: 'recipe-malformed' });
      const { digest, title, package: purl, harness } = read.value;
      const bundle = await content.put(bundleBytes(body.files), {
        name: 'recipe.json',
        mediaType: 'application/json',
      });
      const executed = await execute(envelope, async (tx, now) => {
        const prior = await findRecipe(tx, body.name);
        if (prior !== null && prior.digest !== digest) return refuse(recipeExists);
        if (prior !== null) return ok({ events: [], response: { name: body.name, digest } });
        const row = {
          name: body.name,
          title,
          package: purl,
          digest,
          bundle_content: bundle.id,
          harness,
          added_at: now,
        };
        await insertRecipe(tx, row);
        const event = {
          act: 'validate.recipe-added',
          subject: body.name,
          data: { name: body.name, digest },
        };
        const contents = [{ ref: bundle, subject: body.name, level: 1 }];
        return ok({ events: [event], contents, response: { name: body.name, digest } });
      });
      return responseOf(executed);
    }),
    route(validate.listRecipes, async ({ query }) => {
      const after = parseCursor(query.after);
      const rows = await database.read((r) => listRecipes(r, after, query.limit));
      const items = rows.slice(0, query.limit).map((r) => ({
        name: r.name,
        title: r.title,
        package: r.package,
        digest: r.digest,
        addedAt: r.added_at,
      }));
      return ok({ items, next: rows.length > query.limit ? (items.at(-1)?.name ?? null) : null });
    }),
    route(validate.request, async ({ params, body, envelope, actor }) => {
      const executed = await execute(envelope, async (tx, now) => {
        if ((await needs.caseOf(tx, body.finding)) !== params.case) return refuse(elsewhere);
        const requested = await requestValidation(tx, needs, { ...body, by: actor.id, now });
        if (!requested.ok) return requested;
        return ok({
          events: [requested.value.event],
          response: { validation: requested.value.id },
        });
      });
      return responseOf(executed);
    }),
    route(validate.list, async ({ params, actor }) => {
      const findings = await database.read((r) => needs.visibleFindings(r, params.case, actor));
      const rows = await database.read((r) => validationsOf(r, findings));
      return ok({ items: await Promise.all(rows.map((row) => validationView(services, row))) });
    }),
    fileRoute(owner.reproducer, (call) => reproducer(services, needs, call)),
    fileRoute(validate.attestation, async ({ params, actor, anonymous }) => {
      const id = await database.read((r) =>
        findAttestation(r, params.attestation, anonymous ? null : actor),
      );
      const bytes = id === null ? null : await content.get(id);
      if (bytes === null) return notFound('an attestation');
      return ok({ bytes, fileName: `${params.attestation}.dsse.json` });
    }),
  ];
}

const notBase64 = {
  code: 'recipe-malformed',
  expected: 'files as base64',
  got: 'one that is not',
  todo: 'encode each file as standard base64',
} as const;

const recipeExists = {
  code: 'recipe-exists',
  expected: 'a new name, or the very same recipe',
  got: 'a name that a different recipe bears',
  todo: 'give the changed recipe a name of its own: verdicts speak of the recipe they were made with',
} as const;

const elsewhere = {
  code: 'finding-elsewhere',
  expected: 'a finding of this case',
  got: 'one that is not in it',
  todo: 'read the case again and choose from its findings',
} as const;
