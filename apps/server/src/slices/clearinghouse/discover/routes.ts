import { discover } from '@breakwater/contract';
import { type Id, ok, type Result, refuse } from '@breakwater/kernel';
import { newId } from '../../../platform/clock/clock.ts';
import type { Actor } from '../../../platform/commands/commands.ts';
import type { Reader } from '../../../platform/database/database.ts';
import { notFound, type Route, responseOf, route } from '../../../route.ts';
import type { Services } from '../../../services.ts';
import type { DiscoverNeeds } from './jobs.ts';
import { findCampaign, insertCampaign } from './store.ts';

/** What the routes ask of other slices; bound in slices/index.ts. */
export interface DiscoverRouteNeeds {
  recipe(
    reader: Reader,
    name: string,
  ): Promise<{ readonly package: string; readonly harness: boolean } | null>;
  /** The claim that a campaign runs under: the one that is named, or one made for it. */
  claimFor(wish: {
    readonly actor: Actor;
    readonly package: string;
    readonly seconds: number;
    readonly claim: Id<'claim'> | null;
    readonly idempotencyKey: string;
  }): Promise<Result<{ readonly claim: Id<'claim'> | null; readonly isMade: boolean }>>;
  /** Gives a claim back that was made for a campaign which then did not begin. */
  release: DiscoverNeeds['release'];
  /**
   * Where the package lies as a target, if it names one, and what keeps a campaign of `party` from
   * running there: a stop, or a claim that is not (or no longer) the party's own.
   */
  placeOf(
    reader: Reader,
    asked: { readonly package: string; readonly claim: string | null; readonly party: string },
  ): Promise<Result<string | null, 'claim-lost' | 'stopped-by-owner'>>;
}

/** The operations of this slice. */
export function discoverRoutes(services: Services, needs: DiscoverRouteNeeds): readonly Route[] {
  return [
    route(discover.start, async ({ body, envelope, actor }) => {
      const { seconds } = body;
      const { idempotencyKey } = envelope;
      const known = await services.database.read((r) => needs.recipe(r, body.recipe));
      if (known === null) return refuse(recipeUnknown);
      if (!known.harness) return refuse(withoutHarness);
      const under = await needs.claimFor({
        actor,
        package: known.package,
        seconds,
        claim: body.claim ?? null,
        idempotencyKey,
      });
      if (!under.ok) return under;
      const { claim, isMade } = under.value;
      const executed = await services.execute(envelope, async (tx, now) => {
        const recipe = await needs.recipe(tx, body.recipe);
        if (recipe === null) return refuse(recipeUnknown);
        if (!recipe.harness) return refuse(withoutHarness);
        const place = await needs.placeOf(tx, {
          package: recipe.package,
          claim,
          party: actor.id,
        });
        if (!place.ok) return place;
        const id = newId('campaign');
        await insertCampaign(tx, {
          id,
          recipe: body.recipe,
          seconds: body.seconds,
          by: actor.id,
          at: now,
          claim,
          claimMade: isMade,
          lineage: place.value,
        });
        const data = {
          campaign: id,
          recipe: body.recipe,
          seconds,
          claim,
        };
        return ok({
          events: [{ act: 'discover.started', subject: id, data }],
          response: { campaign: id },
        });
      });
      if (!executed.ok && isMade && claim !== null) {
        await needs.release({ campaign: idempotencyKey, claim, party: actor.id, outcome: null });
      }
      return responseOf(executed);
    }),
    route(discover.get, async ({ params }) => {
      const row = await services.database.read((r) => findCampaign(r, params.campaign));
      if (row === null) return notFound('a campaign');
      return ok({
        id: row.id,
        recipe: row.recipe,
        seconds: row.seconds,
        status: row.status,
        claim: row.claim,
        startedAt: row.started_at,
        endedAt: row.ended_at,
        executions: row.executions,
        crashes: row.crashes,
        findings: row.findings,
        detail: row.detail,
      });
    }),
  ];
}

const recipeUnknown = {
  code: 'recipe-unknown',
  expected: 'the name of a recipe that is here',
  got: 'another name',
  todo: 'list the recipes',
  pointer: '/recipe',
} as const;

const withoutHarness = {
  code: 'recipe-without-harness',
  expected: 'a recipe with a fuzzing harness',
  got: 'one without',
  todo: 'add a campaign section to the recipe; docs/recipes.md tells how',
} as const;
