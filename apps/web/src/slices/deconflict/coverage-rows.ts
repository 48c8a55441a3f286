import type { claims, Method, Output } from '@breakwater/contract';
import { dayAndHour } from '../../ui/time.ts';
import type { ClaimDraft } from './claim-draft.ts';
import { scopeWords, targetsOf } from './scope-words.ts';

export type CoverageItem = Output<typeof claims.map>['items'][number];

/** A bar of the picture: one covered stretch of days on the line of its target. */
export interface Bar {
  readonly key: string;
  readonly target: string;
  /** Days in UTC; `until` is the day behind the last. */
  readonly from: Date;
  readonly until: Date;
  readonly when: CoverageItem['when'];
  readonly outcome: CoverageItem['outcome'];
  readonly words: string;
  readonly item: CoverageItem;
}

const dayMs = 86_400_000;

/** One bar for each place of each thing covered, cut to the days in sight. */
export function barsOf(
  items: readonly CoverageItem[],
  sight: { readonly from: Date; readonly until: Date },
): readonly Bar[] {
  return items.flatMap((item, at) => {
    const from = Math.max(Date.parse(item.fromDay), sight.from.getTime());
    const until = Math.min(Date.parse(item.untilDay) + dayMs, sight.until.getTime());
    if (until <= from) return [];
    const { when, outcome, scope } = item;
    return targetsOf(scope).map((target) => ({
      key: `${at} ${target}`,
      target,
      from: new Date(from),
      until: new Date(until),
      when,
      outcome,
      words: scopeWords(scope),
      item,
    }));
  });
}

/** The days to draw: as far back as was asked, and ahead as far as something is claimed. */
export function sightOf(
  items: readonly CoverageItem[],
  days: number,
  nowMs: number,
): { readonly from: Date; readonly until: Date } {
  const today = Math.floor(nowMs / dayMs) * dayMs;
  const last = Math.max(today, ...items.map(({ untilDay }) => Date.parse(untilDay)));
  return { from: new Date(today - days * dayMs), until: new Date(last + dayMs) };
}

/** `20 Nov to 27 Nov 2026`; the year of the first where it is another. Days in UTC. */
export function daysOf({ fromDay, untilDay }: Pick<CoverageItem, 'fromDay' | 'untilDay'>): string {
  const last = dayWords(untilDay);
  if (fromDay === untilDay) return last;
  const first = dayWords(fromDay);
  return `${first.slice(-4) === last.slice(-4) ? first.slice(0, -5) : first} to ${last}`;
}

function dayWords(day: string): string {
  return dayAndHour(`${day}T00:00:00Z`, 'UTC').slice(4, -7);
}

/** A line of the picture: a target, and a further one below it where bars would hide each other. */
export interface Line {
  readonly key: string;
  /** null: it goes on from the line above. */
  readonly name: string | null;
}

/** Puts bars on lines, targets by their names; those beyond `linesMax` are in the table alone. */
export function laidOut(bars: readonly Bar[]): {
  readonly lines: readonly Line[];
  readonly bars: readonly (Bar & { readonly line: string })[];
} {
  const lines: Line[] = [];
  const placed: (Bar & { readonly line: string })[] = [];
  const byTarget = Map.groupBy(bars, ({ target }) => target);
  for (const target of [...byTarget.keys()].toSorted()) {
    const ends: number[] = [];
    const own = byTarget.get(target) ?? [];
    for (const bar of own.toSorted((one, other) => one.from.getTime() - other.from.getTime())) {
      const free = ends.findIndex((end) => end <= bar.from.getTime());
      const lane = free === -1 ? ends.length : free;
      if (lines.length + Math.max(ends.length, lane + 1) > linesMax) continue;
      ends[lane] = bar.until.getTime();
      placed.push({ ...bar, line: `${target} ${lane}` });
    }
    lines.push(
      ...ends.map((_, lane) => ({ key: `${target} ${lane}`, name: lane === 0 ? target : null })),
    );
  }
  return { lines, bars: placed };
}

const linesMax = 40;

/**
 * A claim of what one thing on the map leaves open now: the same place and methods, without the
 * classes it covers, or without the methods where it covers every class.
 */
export function restOf(item: CoverageItem, methods: readonly Method[]): Partial<ClaimDraft> {
  const { scope } = item;
  const where = { targets: targetsOf(scope).join('\n'), except: scope.except.join('\n') };
  const held = item.when !== 'before';
  if (!held) return { ...where, methods: scope.methods, weaknesses: scope.weaknesses.join(', ') };
  if (scope.weaknesses.length > 0) {
    return { ...where, methods: scope.methods, exceptWeaknesses: scope.weaknesses.join(', ') };
  }
  const others = methods.filter((method) => !scope.methods.includes(method));
  return others.length > 0 ? { ...where, methods: others } : where;
}
