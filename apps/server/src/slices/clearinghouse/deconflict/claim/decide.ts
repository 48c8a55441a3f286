import type { Alternative, ClaimAnswer, HeldPart } from '@breakwater/contract';
import { type Instant, later } from '@breakwater/kernel';
import { covers, type Look, lookOf, overlapOf, restOf, scopeOf, weightOf } from './extent.ts';
import type { LetIn } from './join-store.ts';
import { addHours, rules } from './rules.ts';
import type { Sharing } from './store.ts';

/** What somebody means to look at, and when. */
export interface Wish {
  readonly party: string;
  /** The claim whose wish it is, where it is renewed. */
  readonly claim: string | null;
  readonly look: Look;
  readonly sharing: Sharing;
  readonly from: Instant;
  readonly until: Instant;
}

/** What somebody else holds, or has waited for so long that it is kept for it. */
export interface Held {
  readonly id: string;
  readonly holder: string;
  readonly look: Look;
  readonly sharing: Sharing;
  readonly from: Instant;
  readonly until: Instant;
}

interface Met {
  readonly held: Held;
  readonly part: Look;
}

/** How a wish stands to what others hold. */
export interface Standing {
  readonly inTheWay: readonly Met[];
  readonly beside: readonly Met[];
}

/** Parts told to one asker: enough to choose by, and a bound on one answer. */
const partsMax = 20;

/** How much they may say together, beyond the first. */
const partsWeightMax = 2_000;

/**
 * How much what is in the way may say for alternatives to be sought: the work grows with the square
 * of it, and everybody else waits meanwhile. Some hundred plain claims are far below.
 */
const soughtWithinMax = 1_000;

/**
 * DCF-2: what of `others` meets the wish in place, versions, methods, classes and time at once. It
 * stands in the way where either of the two is alone, unless one let the other in.
 */
export function standingOf(wish: Wish, others: readonly Held[], letIn: LetIn): Standing {
  const inTheWay: Met[] = [];
  const beside: Met[] = [];
  for (const held of others) {
    if (held.holder === wish.party || !meetInTime(wish, held)) continue;
    const part = overlapOf(wish.look, held.look);
    if (part === null) continue;
    const together =
      (wish.sharing === 'beside' && held.sharing === 'beside') ||
      isLetIn(letIn, `${held.id} ${wish.party}`, { part, term: wish }) ||
      isLetIn(letIn, `${wish.claim ?? ''} ${held.holder}`, { part, term: null });
    (together ? beside : inTheWay).push({ held, part });
  }
  return { inTheWay, beside };
}

/** DCF-14: what was agreed is what was asked for: no more of it, and for no longer. */
function isLetIn(
  letIn: LetIn,
  pair: string,
  { part, term }: { readonly part: Look; readonly term: Pick<Wish, 'from' | 'until'> | null },
): boolean {
  const agreed = letIn.get(pair) ?? [];
  return agreed.some(({ extent, from_at: from, until_at: until }) => {
    const fits = term === null || lengthOf(term) <= lengthOf({ from, until });
    return fits && covers(lookOf(extent), part);
  });
}

function lengthOf({ from, until }: Pick<Wish, 'from' | 'until'>): number {
  return Date.parse(until) - Date.parse(from);
}

function meetInTime(
  a: { readonly from: Instant; readonly until: Instant },
  b: { readonly from: Instant; readonly until: Instant },
): boolean {
  return a.from < b.until && b.from < a.until;
}

/** What the asker is told: of its own wish alone, never whose, never how many (D-40). */
export function answerOf(
  wish: Wish,
  standing: Standing,
  others: readonly Held[],
): Omit<ClaimAnswer, 'claim'> {
  const { inTheWay, beside } = standing;
  const met = [...inTheWay, ...beside];
  const conflict = inTheWay.length > 0;
  const free = inTheWay.map(({ held }) => held.until).reduce(later, wish.from);
  return {
    answer: conflict ? 'conflict' : beside.length > 0 ? 'beside' : 'granted',
    until: conflict ? free : wish.until,
    held: partsOf(wish, met),
    alternatives: [
      ...partAlternatives(wish, met),
      ...(conflict ? conflictAlternatives(wish, inTheWay, others) : []),
    ],
  };
}

/** Equal parts are one: two who hold the same look like one who does. */
function partsOf(wish: Wish, met: readonly Met[]): HeldPart[] {
  const parts = new Map<string, HeldPart>();
  let weight = 0;
  for (const { held, part } of met) {
    const { sharing, until } = held;
    const told = { scope: scopeOf(part), sharing, from: later(wish.from, held.from), until };
    const key = `${sharing} ${told.from} ${until} ${part.text}`;
    if (!parts.has(key)) weight += weightOf(part);
    parts.set(key, told);
    if (parts.size >= partsMax || weight > partsWeightMax) break;
  }
  return [...parts.values()].toSorted((a, b) => (a.until < b.until ? -1 : 1));
}

/** What is left of the wish: nobody holds it, whoever asks. */
function partAlternatives(wish: Wish, met: readonly Met[]): Alternative[] {
  if (met.length === 0 || isTooMuch(met.map(({ held }) => held))) return [];
  return restOf(
    wish,
    met.map(({ held }) => held),
  )
    .filter(({ kind }) => kind === 'part')
    .map(({ differs, look, from, until }) => ({
      kind: 'part',
      differs: [...differs],
      scope: scopeOf(look),
      from,
      until,
    }));
}

function isTooMuch(others: readonly Held[]): boolean {
  let weight = 0;
  return others.some(({ look }) => {
    weight += weightOf(look);
    return weight > soughtWithinMax;
  });
}

function conflictAlternatives(
  wish: Wish,
  inTheWay: readonly Met[],
  others: readonly Held[],
): Alternative[] {
  const against = others.filter(
    (held) => held.holder !== wish.party && (wish.sharing === 'alone' || held.sharing === 'alone'),
  );
  const when = isTooMuch(against)
    ? undefined
    : restOf(wish, against).find(({ kind }) => kind === 'later');
  const alternatives: Alternative[] =
    when !== undefined && when.from <= addHours(wish.from, rules.aheadHoursMax)
      ? [{ kind: 'later', from: when.from, until: when.until }]
      : [];
  if (inTheWay.every(({ held }) => held.sharing === 'beside')) {
    alternatives.push({ kind: 'beside' });
  }
  alternatives.push({ kind: 'join' }, { kind: 'wait' });
  return alternatives;
}
