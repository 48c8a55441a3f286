import { gateway as contract, type GatewayUpstream, type Output } from '@breakwater/contract';
import { type Id, ok, type Result, refuse } from '@breakwater/kernel';
import { newId } from '../../../../platform/clock/clock.ts';
import { partyOf, sealed } from '../../../../platform/commands/audience.ts';
import { stale } from '../../../../platform/commands/revision.ts';
import type { ContentRef } from '../../../../platform/content/content.ts';
import { hostBeyond } from '../../../../platform/outbound/reach.ts';
import { type Call, notFound, type Route, responseOf, route } from '../../../../route.ts';
import type { Services } from '../../../../services.ts';
import { noteChanges, touched } from '../changes.ts';
import type { GatewayNeeds } from '../needs.ts';
import {
  findUpstream,
  insertUpstream,
  keepPrices,
  markRemoved,
  type UpstreamRow,
  UpstreamWords,
  updateUpstream,
  upstreamsBy,
} from './store.ts';

/** Upstreams of one developer, those that are used no more with them. */
const upstreamsMax = 1_000;

/** A developer's endpoints; nobody else is shown any. */
export function upstreamRoutes(services: Services, needs: GatewayNeeds): readonly Route[] {
  return [
    route(contract.addUpstream, (call) => add(services, needs, call)),
    route(contract.reviseUpstream, (call) => revise(services, call)),
    route(contract.removeUpstream, (call) => remove(services, call)),
    route(contract.upstreams, async ({ actor }) => {
      const rows = await services.database.read((r) => upstreamsBy(r, actor.id));
      return ok({ items: await Promise.all(rows.map((row) => upstreamView(services, row))) });
    }),
  ];
}

type Added = Output<typeof contract.addUpstream>;

async function add(
  services: Services,
  needs: GatewayNeeds,
  { actor, body, params, envelope }: Call<typeof contract.addUpstream>,
): Promise<Result<Added>> {
  if (isBeyond(services, body)) return refuse(addressNotAllowed);
  const words = await putWords(services, body);
  const secret = await services.content.putText(body.secret, 'secret.txt');
  const executed = await services.execute<Added>(envelope, async (tx, now) => {
    const developer = partyOf(actor);
    if ((await needs.developerOf(tx, params.model)) !== developer) return notFound('a model');
    if ((await upstreamsBy(tx, developer)).length >= upstreamsMax) return refuse(tooMany);
    const id = newId('upstream');
    const { model } = params;
    const kept = { words_content: words.id, secret_content: secret.id };
    await insertUpstream(tx, { id, model, developer, at: now, ...kept, ...columnsOf(body) });
    await noteChanges(tx, [touched(model)], now);
    const data = { upstream: id, model, words: words.id };
    return ok({
      events: [{ act: 'gateway.upstream-added', subject: id, data }],
      contents: sealedFor(id, [words, secret]),
      response: { upstream: id },
    });
  });
  return responseOf(executed);
}

type Revised = Output<typeof contract.reviseUpstream>;

async function revise(
  services: Services,
  { actor, body, params, envelope }: Call<typeof contract.reviseUpstream>,
): Promise<Result<Revised>> {
  if (isBeyond(services, body)) return refuse(addressNotAllowed);
  const words = await putWords(services, body);
  const secret =
    body.secret === undefined ? null : await services.content.putText(body.secret, 'secret.txt');
  let replaced: Id<'content'> | null = null;
  const executed = await services.execute<Revised>(envelope, async (tx, now) => {
    const before = await findUpstream(tx, params.upstream);
    if (before === null || before.developer !== actor.id) return notFound('an upstream');
    if (before.removed_at !== null) return refuse(alreadyRemoved);
    const changed = stale(body.ifRevision, before.revision);
    if (changed !== null) return refuse(changed);
    replaced = secret === null ? null : before.secret_content;
    const kept = {
      words_content: words.id,
      secret_content: secret?.id ?? before.secret_content,
    };
    await keepPrices(tx, { upstream: before.id, otherwise: body.prices }, now);
    await updateUpstream(tx, { ...before, ...kept, ...columnsOf(body) });
    await noteChanges(tx, [touched(before.model)], now);
    const data = { upstream: before.id, model: before.model, words: words.id };
    return ok({
      events: [{ act: 'gateway.upstream-revised', subject: before.id, data }],
      contents: sealedFor(before.id, secret === null ? [words] : [words, secret]),
      response: { upstream: before.id },
    });
  });
  if (executed.ok && replaced !== null) await services.content.erase(replaced);
  return responseOf(executed);
}

type Removed = Output<typeof contract.removeUpstream>;

/** GAT-2: nothing is sent there from this commit on, and its secret is gone. */
async function remove(
  services: Services,
  { actor, params, envelope }: Call<typeof contract.removeUpstream>,
): Promise<Result<Removed>> {
  let unused: Id<'content'> | null = null;
  const executed = await services.execute<Removed>(envelope, async (tx, now) => {
    const before = await findUpstream(tx, params.upstream);
    if (before === null || before.developer !== actor.id) return notFound('an upstream');
    if (before.removed_at !== null) return refuse(alreadyRemoved);
    unused = before.secret_content;
    await markRemoved(tx, before.id, now);
    await noteChanges(tx, [touched(before.model)], now);
    const data = { upstream: before.id, model: before.model };
    return ok({
      events: [{ act: 'gateway.upstream-removed', subject: before.id, data }],
      response: { upstream: before.id },
    });
  });
  if (executed.ok && unused !== null) await services.content.erase(unused);
  return responseOf(executed);
}

type Wish =
  | Call<typeof contract.reviseUpstream>['body']
  | Call<typeof contract.addUpstream>['body'];

async function putWords({ content }: Services, body: Wish): Promise<ContentRef> {
  const { baseUrl, modelName, limitName } = body;
  const words: UpstreamWords = { baseUrl, modelName, limitName };
  return await content.putText(JSON.stringify(words), 'upstream.json');
}

function columnsOf({ kind, place, contextTokens, outputMax, concurrent, prices }: Wish) {
  return {
    ...{ kind, place, concurrent, prices },
    context_tokens: contextTokens,
    output_max: outputMax,
  };
}

function sealedFor(subject: string, refs: readonly ContentRef[]) {
  return refs.map((ref) => ({ ref, subject, level: sealed }));
}

/** null: erased. */
export async function wordsOf(
  { content }: Pick<Services, 'content'>,
  row: Pick<UpstreamRow, 'words_content'>,
): Promise<UpstreamWords | null> {
  const text = await content.getText(row.words_content);
  return text === null ? null : UpstreamWords.parse(JSON.parse(text));
}

async function upstreamView(services: Services, row: UpstreamRow): Promise<GatewayUpstream> {
  const words = await wordsOf(services, row);
  const { id, model, kind, place, concurrent, prices, revision } = row;
  return {
    ...{ id, model, kind, place, concurrent, prices, revision },
    baseUrl: words?.baseUrl ?? null,
    modelName: words?.modelName ?? null,
    limitName: words?.limitName ?? null,
    contextTokens: row.context_tokens,
    outputMax: row.output_max,
    addedAt: row.at,
    removedAt: row.removed_at,
  };
}

/**
 * Whether an address says by itself that it lies where no upstream may. A name is judged when it is
 * called, each time anew: an answer here would tell which names there are inside.
 */
function isBeyond({ gatewayReach }: Services, { baseUrl }: Wish): boolean {
  const { hostname } = new URL(baseUrl);
  if (hostname !== 'localhost') return hostBeyond(gatewayReach, hostname);
  return !['127.0.0.1', '::1'].some((address) => gatewayReach.has(address));
}

const addressNotAllowed = {
  code: 'address-not-allowed',
  expected: 'an address where this installation lets endpoints lie: on the open net, unless told',
  got: 'one that does not',
  todo: 'name the endpoint as the open net knows it; or ask the operator, who names the networks in which endpoints may lie in BREAKWATER_GATEWAY_UPSTREAMS',
  pointer: '/baseUrl',
} as const;
const tooMany = {
  code: 'too-many',
  expected: `at most ${upstreamsMax} upstreams of one developer`,
  got: 'one more',
  todo: 'revise one that is there',
} as const;
const alreadyRemoved = {
  code: 'already-removed',
  expected: 'an upstream that is used',
  got: 'one that was removed',
  todo: 'add it anew, with its secret',
} as const;
