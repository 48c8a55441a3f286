import type { NeverTimes, QuietPeriod } from '@breakwater/contract';
import { weekdays } from '@breakwater/contract';
import type { z } from 'zod';
import { instantOf, localOf } from './moment-field.tsx';

export interface WeeklyDraft {
  readonly key: string;
  /** 1 is Monday (ISO 8601). */
  readonly days: readonly number[];
  readonly from: string;
  readonly until: string;
}

/** Also a yearly one, whose ends are `MM-DD`. */
export interface SpanDraft {
  readonly key: string;
  readonly from: string;
  readonly until: string;
}

/** Times at which nothing shall run, as typed, on the clocks of one zone. */
export interface TimesDraft {
  readonly zone: string;
  readonly weekly: readonly WeeklyDraft[];
  readonly once: readonly SpanDraft[];
  readonly yearly: readonly SpanDraft[];
}

type Never = z.infer<typeof NeverTimes>;

/** What still is missing or wrong; null: nothing. */
export function timesWrong({ zone, weekly, once, yearly }: TimesDraft): string | null {
  if (weekly.some(({ days }) => days.length === 0)) return 'Choose the days of each weekly time.';
  if (weekly.some(({ from, until }) => !isHour(from) || !isHour(until))) {
    return 'Give each weekly time its hours.';
  }
  if (yearly.some(({ from, until }) => !isDay(from) || !isDay(until))) {
    return 'Give each yearly time its days, such as 12-20.';
  }
  for (const { from, until } of once) {
    const [begin, end] = [instantOf(from, zone), instantOf(until, zone)];
    if (begin === null || end === null) return 'Give each single time its beginning and its end.';
    if (end <= begin) return 'A single time ends before it begins.';
  }
  return null;
}

/** The same as an authorization takes it. */
export function neverOf(draft: TimesDraft): Never {
  const { zone, weekly } = draft;
  return {
    zone,
    weekly: weekly.map(({ days, from, until }) => ({ days: [...days], from, until })),
    once: momentsOf(draft),
  };
}

/** The same as wishes take it. */
export function quietOf(draft: TimesDraft): QuietPeriod[] {
  const { zone, weekly, yearly } = draft;
  return [
    ...weekly.map(({ days, from, until }) => ({
      kind: 'weekly' as const,
      days: days.flatMap((day) => weekdays[day - 1] ?? []),
      from,
      until,
      zone,
    })),
    ...momentsOf(draft).map((span) => ({ kind: 'once' as const, ...span, zone })),
    ...yearly.map(({ from, until }) => ({ kind: 'yearly' as const, from, until, zone })),
  ];
}

function momentsOf({ once, zone }: TimesDraft) {
  return once.flatMap((span) => {
    const [from, until] = [instantOf(span.from, zone), instantOf(span.until, zone)];
    return from === null || until === null ? [] : [{ from, until }];
  });
}

/** What is kept, to be changed. */
export function draftOfNever({ zone, weekly, once }: Never): TimesDraft {
  return {
    zone,
    weekly: weekly.map((time, at) => ({ key: `weekly ${at}`, ...time })),
    once: once.map(({ from, until }, at) => ({
      key: `once ${at}`,
      from: localOf(from, zone),
      until: localOf(until, zone),
    })),
    yearly: [],
  };
}

/** Quiet periods, to be changed: all of them on the clocks of the first one's zone. */
export function draftOfQuiet(periods: readonly QuietPeriod[], own: string): TimesDraft {
  const zone = periods[0]?.zone ?? own;
  const draft = {
    zone,
    weekly: [] as WeeklyDraft[],
    once: [] as SpanDraft[],
    yearly: [] as SpanDraft[],
  };
  for (const [at, period] of periods.entries()) {
    const key = `kept ${at}`;
    switch (period.kind) {
      case 'weekly': {
        const days = period.days.map((day) => weekdays.indexOf(day) + 1);
        draft.weekly.push({ key, days, from: period.from, until: period.until });
        break;
      }
      case 'once':
        draft.once.push({
          key,
          from: localOf(period.from, zone),
          until: localOf(period.until, zone),
        });
        break;
      case 'yearly':
        draft.yearly.push({ key, from: period.from, until: period.until });
        break;
    }
  }
  return draft;
}

function isHour(text: string): boolean {
  return /^([01]\d|2[0-3]):[0-5]\d$/.test(text);
}

function isDay(text: string): boolean {
  return /^(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/.test(text);
}
