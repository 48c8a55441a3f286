import { type gateway as contract, GatewayRequest, type Output } from '@breakwater/contract';
import { type Instant, ok, parseId, type Result, refuse } from '@breakwater/kernel';
import { costOf } from '@breakwater/meter';
import { partyOf, sealed } from '../../../../platform/commands/audience.ts';
import type { Reader } from '../../../../platform/database/database.ts';
import { type Call, notFound, responseOf } from '../../../../route.ts';
import type { Services } from '../../../../services.ts';
import { findRequest, type StoredRequest } from '../record/store.ts';
import { pricesAt } from '../upstreams/store.ts';
import { correctionsOf, giveBack, insertCorrection } from './store.ts';

/** Corrections of one request. */
const correctionsMax = 20;

const Settlement = GatewayRequest.pick({
  key: true,
  startedAt: true,
  figures: true,
  settled: true,
});

type Corrected = Output<typeof contract.correct>;

/**
 * GAT-14: what nobody had the figures of was settled in full; its developer, who may know them
 * better, gives back what was too much. The request stays as it was recorded: this stands beside it.
 */
export async function correct(
  services: Services,
  { actor, body, params, member, envelope }: Call<typeof contract.correct>,
): Promise<Result<Corrected>> {
  const reason = await services.content.putText(body.reason, 'reason.txt');
  const executed = await services.execute<Corrected>(envelope, async (tx, now) => {
    const party = partyOf(actor);
    const row = await findRequest(tx, params.request, party);
    if (row === null || row.developer !== party) return notFound('a request');
    const { key, startedAt, figures, settled } = Settlement.parse(JSON.parse(row.content));
    if (figures !== 'lost' && figures !== 'none') return refuse(figuresKnown);
    const before = await correctionsOf(tx, row.id);
    if (before.length >= correctionsMax) return refuse(tooMany);
    const last = before.at(-1);
    const counts = {
      inputTokens: last?.input_tokens ?? settled.inputTokens,
      outputTokens: last?.output_tokens ?? settled.outputTokens,
      costMicros: last?.cost_micros ?? settled.costMicros,
    };
    const { inputTokens, outputTokens } = body;
    if (inputTokens > counts.inputTokens || outputTokens > counts.outputTokens) {
      return refuse(beyondSettled);
    }
    const cost = await costAt(tx, { row, at: startedAt }, { inputTokens, outputTokens });
    const costMicros = Math.min(cost, counts.costMicros);
    await giveBack(tx, key, {
      day: `${startedAt.slice(0, 10)}T00:00:00Z`,
      inputTokens: counts.inputTokens - inputTokens,
      outputTokens: counts.outputTokens - outputTokens,
      costMicros: counts.costMicros - costMicros,
    });
    await insertCorrection(tx, {
      request: row.id,
      place: before.length,
      input_tokens: inputTokens,
      output_tokens: outputTokens,
      cost_micros: costMicros,
      reason_content: reason.id,
      by_party: party,
      by_member: member,
      at: now,
    });
    const data = { request: row.id, inputTokens, outputTokens, costMicros, reason: reason.id };
    return ok({
      events: [{ act: 'gateway.corrected', subject: row.id, data }],
      contents: [{ ref: reason, subject: row.id, level: sealed }],
      response: { request: row.id, costMicros },
    });
  });
  return responseOf(executed);
}

/**
 * What so many tokens cost at the endpoint that the request was sent to, by its prices of then;
 * nothing where at none.
 */
async function costAt(
  reader: Reader,
  { row, at }: { readonly row: StoredRequest; readonly at: Instant },
  counts: { readonly inputTokens: number; readonly outputTokens: number },
): Promise<number> {
  const inside: unknown = JSON.parse(row.inside);
  const { upstream } = GatewayRequest.shape.inside.unwrap().parse(inside);
  const id = upstream === null ? null : parseId('upstream', upstream);
  const prices = id === null ? null : await pricesAt(reader, id, at);
  return prices === null ? 0 : costOf(prices, counts);
}

/** For its two sides; to everybody else there is no such request. */
export async function correctionsFor(
  services: Services,
  { actor, params }: Call<typeof contract.corrections>,
): Promise<Result<Output<typeof contract.corrections>>> {
  const rows = await services.database.read(async (reader) => {
    const row = await findRequest(reader, params.request, actor.id);
    return row === null ? null : await correctionsOf(reader, row.id);
  });
  if (rows === null) return notFound('a request');
  const items = rows.map(async (row) => ({
    at: row.at,
    inputTokens: row.input_tokens,
    outputTokens: row.output_tokens,
    costMicros: row.cost_micros,
    reason: await services.content.getText(row.reason_content),
  }));
  return ok({ items: await Promise.all(items) });
}

const figuresKnown = {
  code: 'figures-known',
  expected: 'a request that was settled in full because nobody had its figures',
  got: 'one that was settled by the figures of its endpoint',
  todo: 'nothing: it counts as the endpoint told',
} as const;
const beyondSettled = {
  code: 'beyond-settled',
  expected: 'no more tokens than count now',
  got: 'more',
  todo: 'a correction gives back, and never takes',
} as const;
const tooMany = {
  code: 'too-many',
  expected: `at most ${correctionsMax} corrections of one request`,
  got: 'one more',
  todo: 'nothing: the last one counts',
} as const;
