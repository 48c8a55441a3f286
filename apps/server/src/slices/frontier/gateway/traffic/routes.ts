import { gateway as contract, type Output, type QuotaLine, quotaKinds } from '@breakwater/contract';
import { addMilliseconds, type Instant, ok, parseInstant, type Result } from '@breakwater/kernel';
import type { Reader } from '../../../../platform/database/database.ts';
import { type Call, notFound, type Route, route } from '../../../../route.ts';
import type { Services } from '../../../../services.ts';
import { allotmentWords } from '../allotments/routes.ts';
import { type AllotmentRow, findAllotment } from '../allotments/store.ts';
import { findHolder, type HolderRow } from '../keys/holder-store.ts';
import { lookAt } from '../keys/look.ts';
import { findKey, type KeyRow } from '../keys/store.ts';
import { holderView } from '../keys/views.ts';
import type { GatewayNeeds } from '../needs.ts';
import { correct, correctionsFor } from './correct.ts';
import { linesMax, type MeterRow, metersAt, trafficOf } from './store.ts';

const dayMs = 24 * 60 * 60 * 1_000;
/** Days of traffic in one answer. */
const daysMax = 31;

/** What keys used, and what is left. */
export function trafficRoutes(services: Services, needs: GatewayNeeds): readonly Route[] {
  return [
    route(contract.usage, (call) => usage(services, needs, call)),
    route(contract.traffic, (call) => traffic(services, call)),
    route(contract.correct, (call) => correct(services, call)),
    route(contract.corrections, (call) => correctionsFor(services, call)),
  ];
}

async function usage(
  services: Services,
  needs: GatewayNeeds,
  { params, now }: Call<typeof contract.usage>,
): Promise<Result<Output<typeof contract.usage>>> {
  const { database, content } = services;
  const begins = { minute: beginOf('minute', now), day: beginOf('day', now), grant: null };
  const found = await database.read(async (reader) => {
    const key = await findKey(reader, params.gkey);
    if (key === null) return null;
    const { limits } = await lookAt(reader, { content, needs }, { key, now });
    return { limits, meters: await metersAt(reader, key.id, begins) };
  });
  if (found === null) return notFound('a key');
  const { limits, meters } = found;
  const lines: QuotaLine[] = [];
  for (const span of ['minute', 'day', 'grant'] as const) {
    for (const kind of quotaKinds) {
      const limit = limits[span][kind];
      if (limit === undefined) continue;
      const { used: spent, leased: reserved } = meterOf(meters, span, kind);
      const left = Math.max(0, limit - spent - reserved);
      lines.push({ ...{ span, kind, limit, spent, reserved, left }, renewsAt: endOf(span, now) });
    }
  }
  const life = (kind: (typeof quotaKinds)[number]) => meterOf(meters, 'grant', kind).used;
  return ok({
    key: params.gkey,
    spent: {
      requests: life('requests'),
      inputTokens: life('inputTokens'),
      outputTokens: life('outputTokens'),
      costMicros: life('costMicros'),
    },
    lines,
    currency: limits.currency,
    asOf: now,
  });
}

function meterOf(meters: readonly MeterRow[], span: MeterRow['span'], kind: MeterRow['kind']) {
  return meters.find((each) => each.span === span && each.kind === kind) ?? { used: 0, leased: 0 };
}

/** When the minute or day (UTC) began that an instant is in. */
function beginOf(span: 'minute' | 'day', now: Instant): Instant {
  const text = span === 'day' ? `${now.slice(0, 10)}T00:00:00Z` : `${now.slice(0, 16)}:00Z`;
  const begin = parseInstant(text);
  if (begin === null) throw new Error(`expected an instant, got ${now}`);
  return begin;
}

function endOf(span: 'minute' | 'day' | 'grant', now: Instant): Instant | null {
  if (span === 'grant') return null;
  return addMilliseconds(beginOf(span, now), span === 'day' ? dayMs : 60_000);
}

async function traffic(
  services: Services,
  { actor, query, now }: Call<typeof contract.traffic>,
): Promise<Result<Output<typeof contract.traffic>>> {
  const oldest = beginOf('day', addMilliseconds(now, -(daysMax - 1) * dayMs));
  const from = parseInstant(`${query.from ?? oldest.slice(0, 10)}T00:00:00Z`) ?? oldest;
  const of = { from, to: addMilliseconds(from, daysMax * dayMs), key: query.gkey };
  const found = await services.database.read(async (reader) => {
    const all = await trafficOf(reader, actor, of);
    const rows = all.slice(0, linesMax);
    const about = new Map<string, KeyAbout>();
    for (const { key: id } of rows) {
      if (!about.has(id)) about.set(id, await aboutKey(reader, id));
    }
    return { rows, about, isCut: all.length > rows.length };
  });
  const shown = new Map<string, Promise<KeyShown>>();
  for (const [id, about] of found.about) shown.set(id, shownKey(services, about));
  const items = found.rows.map(async ({ from_at: begin, party, ...spent }) => {
    const key = await shown.get(spent.key);
    if (key === undefined) throw new Error('expected a key that was looked up');
    return {
      ...{ ...spent, ...key },
      day: begin.slice(0, 10),
      party: await services.directory.refOf(party),
    };
  });
  const { isCut } = found;
  return ok({ items: await Promise.all(items), isCut, from: from.slice(0, 10), asOf: now });
}

interface KeyAbout {
  readonly key: KeyRow;
  readonly holder: HolderRow | null;
  readonly allotment: AllotmentRow | null;
}

async function aboutKey(reader: Reader, id: string): Promise<KeyAbout> {
  const key = await findKey(reader, id);
  if (key === null) throw new Error('expected the key of a meter');
  const holder = await findHolder(reader, key.holder);
  return { key, holder, allotment: await findAllotment(reader, key.scope) };
}

type KeyShown = Pick<Output<typeof contract.traffic>['items'][number], 'name' | 'holder' | 'model'>;

async function shownKey(
  services: Services,
  { key, holder, allotment }: KeyAbout,
): Promise<KeyShown> {
  const words = allotment === null ? null : await allotmentWords(services, allotment);
  return {
    name: await services.content.getText(key.name_content),
    holder: await holderView(services, key, holder),
    model: words?.names[0] ?? null,
  };
}
