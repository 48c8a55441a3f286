import {
  gatewayJobs as contract,
  type JobTemplate,
  type Output,
  type OwnTemplate,
  TemplateField,
  TemplateRepository,
} from '@breakwater/contract';
import { ok, type Result, refuse } from '@breakwater/kernel';
import { z } from 'zod';
import { newId } from '../../../../platform/clock/clock.ts';
import { partyOf, sealed } from '../../../../platform/commands/audience.ts';
import { type Call, notFound, type Route, responseOf, route } from '../../../../route.ts';
import type { Services } from '../../../../services.ts';
import { findKey } from '../keys/store.ts';
import type { GatewayNeeds } from '../needs.ts';
import { behindOf } from '../stand.ts';
import { refusals } from './refusals.ts';
import {
  findTemplate,
  insertTemplate,
  listTemplates,
  markWithdrawn,
  type TemplateRow,
  type TemplateWords,
  templatesMax,
} from './store.ts';

/** Templates: stated and withdrawn by the developer, and read by whoever may have them run. */
export function templateRoutes(services: Services, needs: GatewayNeeds): readonly Route[] {
  const { database } = services;
  return [
    route(contract.stateTemplate, (call) => state(services, needs, call)),
    route(contract.withdrawTemplate, (call) => withdraw(services, call)),
    route(contract.templates, async ({ actor }) => {
      const rows = await database.read((r) => listTemplates(r, { developer: actor.id }));
      return ok({ items: await Promise.all(rows.map((row) => ownView(services, row))) });
    }),
    route(contract.keyTemplates, async ({ params }) => {
      const rows = await database.read(async (r) => {
        const key = await findKey(r, params.gkey);
        return key === null ? [] : await listTemplates(r, { scope: key.scope });
      });
      const views = await Promise.all(rows.map((row) => templateView(services, row)));
      return ok({ items: views.filter((view) => view !== null) });
    }),
  ];
}

type Stated = Output<typeof contract.stateTemplate>;

/** GAT-50: by the developer, for a tier or window of its own; it does not change. */
async function state(
  services: Services,
  needs: GatewayNeeds,
  { actor, body, params, envelope }: Call<typeof contract.stateTemplate>,
): Promise<Result<Stated>> {
  const { outputTokensMax, ...kept } = body;
  const words = await services.content.putText(JSON.stringify(kept), 'template.json');
  const executed = await services.execute<Stated>(envelope, async (tx, now) => {
    const developer = partyOf(actor);
    const behind = await behindOf(tx, needs, params.scope);
    if (behind?.developer !== developer) return notFound('a window or a tier');
    const own = await listTemplates(tx, { developer });
    if (own.length >= templatesMax) return refuse(refusals.tooManyTemplates);
    const id = newId('template');
    await insertTemplate(tx, {
      id,
      scope: params.scope,
      developer,
      words_content: words.id,
      output_max: outputTokensMax,
      at: now,
    });
    const data = { template: id, of: params.scope, words: words.id, outputTokensMax };
    return ok({
      events: [{ act: 'gateway.template-stated', subject: params.scope, data }],
      contents: [{ ref: words, subject: id, level: sealed }],
      response: { template: id },
    });
  });
  return responseOf(executed);
}

type Withdrawn = Output<typeof contract.withdrawTemplate>;

async function withdraw(
  services: Services,
  { actor, params, envelope }: Call<typeof contract.withdrawTemplate>,
): Promise<Result<Withdrawn>> {
  const executed = await services.execute<Withdrawn>(envelope, async (tx, now) => {
    const row = await findTemplate(tx, params.template);
    if (row === null || row.developer !== actor.id) return notFound('a template');
    if ((await markWithdrawn(tx, row.id, now)) === 0) return refuse(refusals.alreadyWithdrawn);
    const data = { template: row.id };
    return ok({
      events: [{ act: 'gateway.template-withdrawn', subject: row.scope, data }],
      response: { template: row.id },
    });
  });
  return responseOf(executed);
}

const Words = z.object({
  name: z.string(),
  purpose: z.string(),
  instructions: z.string(),
  fields: z.array(TemplateField),
  repository: TemplateRepository.optional(),
});

/** What a template says; null where it was erased. */
export async function templateWords(
  { content }: Pick<Services, 'content'>,
  row: Pick<TemplateRow, 'words_content'>,
): Promise<TemplateWords | null> {
  const text = await content.getText(row.words_content);
  return text === null ? null : Words.parse(JSON.parse(text));
}

async function templateView(services: Services, row: TemplateRow): Promise<JobTemplate | null> {
  const words = await templateWords(services, row);
  if (words === null) return null;
  return { id: row.id, ...saidOf(words), outputTokensMax: row.output_max };
}

async function ownView(services: Services, row: TemplateRow): Promise<OwnTemplate> {
  const words = await templateWords(services, row);
  return {
    id: row.id,
    ...(words === null ? { name: '', purpose: '', fields: [] } : saidOf(words)),
    outputTokensMax: row.output_max,
    of: row.scope,
    instructions: words?.instructions ?? null,
    at: row.at,
    withdrawnAt: row.withdrawn_at,
  };
}

/** What partners read of a template. */
function saidOf({ name, purpose, fields, repository }: TemplateWords) {
  const files = repository === undefined ? {} : { repository };
  return { name, purpose, fields: [...fields], ...files };
}
