import type { claims, Output, Scope } from '@breakwater/contract';
import { addMilliseconds, type Instant, ok, type Result, refuse } from '@breakwater/kernel';
import { parseTarget, type Target } from '@breakwater/scope';
import { seesAllWork } from '../../../../platform/commands/audience.ts';
import type { Actor } from '../../../../platform/commands/commands.ts';
import type { Reader } from '../../../../platform/database/database.ts';
import type { Services } from '../../../../services.ts';
import { controlOf, leaveFacts } from '../authorization/index.ts';
import { askedLook } from './asked-look.ts';
import type { Asking } from './asking.ts';
import { type Look, lookOf, looksAtLive, overlapOf, scopeOf, weightOf } from './extent.ts';
import { type CoverageRow, coverageAt } from './list-store.ts';
import { hourMs } from './rules.ts';
import { claimsAt } from './store.ts';
import { reasonOf } from './views.ts';

type CoverageMap = Output<typeof claims.map>;
type Item = CoverageMap['items'][number];

const itemsMax = 500;
/** How much they may say together, beyond the first: one map is one screen. */
const itemsWeightMax = 10_000;
const everyMethod: Scope['methods'] = ['read', 'static', 'fuzz', 'passive', 'active', 'exploit'];

interface Part {
  readonly look: Look;
  readonly from: Instant;
  readonly until: Instant;
  readonly outcome: Item['outcome'];
  /** What it was said in, where its reader may know. */
  readonly record: Item['records'][number] | null;
  readonly struck: Item['struck'];
}

/**
 * DCF-15: what is covered of a target, by day and never by whom. Of live systems only whoever
 * controls them, and coordinators, are told what others do; everybody sees what is its own.
 */
export async function coverageMap(
  services: Services,
  asking: Asking,
  asked: { readonly actor: Actor; readonly target: string; readonly days: number },
): Promise<Result<CoverageMap>> {
  const { actor, days } = asked;
  const target = parseTarget(asked.target);
  if (!target.ok) return refuse({ ...target.refusal, pointer: '/target' });
  const scope = { methods: everyMethod, except: [], weaknesses: [], exceptWeaknesses: [] };
  const look = await askedLook(services, { ...scope, targets: [target.value.text], places: [] });
  if (!look.ok) return look;
  const now = services.clock.now();
  return await services.database.read(async (reader) => {
    const coordinator = seesAllWork(actor);
    const counted = coordinator ? ok(null) : await asking.count(reader, actor.id);
    if (!counted.ok) return counted;
    const others =
      coordinator ||
      !looksAtLive(look.value) ||
      (await controls(reader, actor, { target: target.value, now }));
    const isShown = (part: { readonly holder: string; readonly listed: boolean }) =>
      coordinator || part.holder === actor.id || (others && part.listed);
    const since = addMilliseconds(now, -days * 24 * hourMs);
    const covered = await coverageAt(reader, look.value.places, {
      since,
      // What is left out must not push out what is shown, nor tell by that that it is there.
      shown: coordinator ? 'all' : { own: actor.id, listed: others },
      limit: itemsMax,
    });
    const parts: Part[] = [
      ...(await claimsAt(reader, look.value.places))
        .filter((row) => row.ends_at > now && isShown(row))
        .flatMap((row) => partOf(look.value, { ...row, ...held, until: row.until_at })),
      ...(await Promise.all(covered.map((row) => saidOf(services, row, actor)))).flatMap((row) =>
        partOf(look.value, row),
      ),
    ];
    return ok({ target: target.value.text, items: itemsOf(parts, now) });
  });
}

/** A claim that is held was never said to be covered. */
const held = { outcome: null, record: null, struck: null } as const;

/** A record of coverage as somebody sees it: why it was struck is its holder's and coordinators'. */
async function saidOf(services: Services, row: CoverageRow, actor: Actor) {
  const { id, holder, until_at: until, struck_at: at, struck_reason: why } = row;
  const coordinator = seesAllWork(actor);
  const reason = coordinator || holder === actor.id ? await reasonOf(services, why) : null;
  const struck = at === null ? null : { reason };
  return { ...row, until, struck, record: coordinator ? id : null };
}

/** Whether a target has been proven to be the reader's own, and by nobody else. */
async function controls(
  reader: Reader,
  actor: Actor,
  { target, now }: { readonly target: Target; readonly now: Instant },
): Promise<boolean> {
  const facts = await leaveFacts(reader, [{ target, needed: true }]);
  const place = { lineage: target.lineage, except: [] };
  return controlOf(actor.id, place, { ...facts, at: now }) === 'held';
}

function partOf(
  asked: Look,
  row: {
    readonly extent: string;
    readonly from_at: Instant;
    readonly until: Instant;
  } & Pick<Part, 'outcome' | 'record' | 'struck'>,
): Part[] {
  const look = overlapOf(asked, lookOf(row.extent));
  if (look === null) return [];
  const { from_at: from, until, outcome, record, struck } = row;
  return [{ look, from, until, outcome, record, struck }];
}

/** Equal items are one: the map does not tell how many. */
function itemsOf(parts: readonly Part[], now: Instant): Item[] {
  const items = new Map<string, Item>();
  let weight = 0;
  for (const { look, from, until, outcome, record, struck } of parts) {
    const when = outcome !== null ? 'before' : from > now ? 'ahead' : 'now';
    const fromDay = from.slice(0, 10);
    const untilDay = until.slice(0, 10);
    const why = struck === null ? '' : JSON.stringify(struck);
    const key = `${when} ${fromDay} ${untilDay} ${outcome} ${why} ${look.text}`;
    const records = [...(items.get(key)?.records ?? []), ...(record === null ? [] : [record])];
    const item: Item = { scope: scopeOf(look), when, fromDay, untilDay, outcome, struck, records };
    if (!items.has(key)) weight += weightOf(look);
    items.set(key, item);
    if (items.size >= itemsMax || weight > itemsWeightMax) break;
  }
  return [...items.values()].toSorted((a, b) => (a.untilDay < b.untilDay ? 1 : -1));
}
