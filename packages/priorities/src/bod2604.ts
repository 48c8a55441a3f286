import { bod2604Table, type SsvcDecision } from '@breakwater/formats/ssvc';
import { addMilliseconds, type Instant, parseInstant } from '@breakwater/kernel';
import { mostUrgent } from './urgency.ts';

/** What is known, by value key of the table; undefined is unknown. */
export interface Bod2604Known {
  /** Listed in KEV, or actively exploited outside it; undefined if no catalog was consulted. */
  readonly kev: 'Y' | 'N' | undefined;
  readonly exposed: 'Y' | 'N' | undefined;
  readonly automatable: 'Y' | 'N' | undefined;
  readonly impact: 'P' | 'T' | undefined;
  /** The day it was added to KEV. */
  readonly kevAdded: string | undefined;
  readonly detectedAt: Instant;
  readonly now: Instant;
}

/** What BOD 26-04 asks of a federal asset. */
export interface Bod2604 {
  /** The published outcome, such as `14 days`; `undetermined` without a KEV catalog. */
  readonly tier: string;
  readonly table: string;
  /** The row that decided, or which rule did instead of a row. */
  readonly row: string;
  /** Calendar days; null where no fixed deadline applies. */
  readonly days: number | null;
  /** In words: what was applied, in which order, and from when the days count. */
  readonly rule: string;
  readonly startsAt: Instant | null;
  /** The same hour in UTC, `days` calendar days after the start. */
  readonly dueAt: Instant | null;
  readonly overdue: boolean;
  /** Sub-deadlines of the forensic triage; empty where none is due. */
  readonly forensics: readonly { readonly step: string; readonly dueAt: Instant }[];
}

const hour = 3_600_000;

/**
 * Applies CISA's BOD 26-04, Table 1, with the defaults of its guidance: unknown exposure counts as
 * exposed; not in KEV with neither Automatable nor Technical Impact known is due in 60 days; a
 * KEV listing, or what is missing about a listed vulnerability, is never defaulted. One value
 * missing otherwise, or of a listed vulnerability, leaves several rows: the earliest holds.
 * Days are calendar days, from the earlier of the KEV listing and the first detection.
 */
export function bod2604(known: Bod2604Known): Bod2604 {
  if (known.kev === undefined) return undetermined;
  if (known.kev === 'N' && known.automatable === undefined && known.impact === undefined) {
    return timed(known, {
      key: '60D',
      tier: '60 days',
      row: 'no row: the default for missing data',
      why: 'not in KEV, and neither Automatable nor Technical Impact is known: 60 days by default',
    });
  }
  const decision = mostUrgent(bod2604Table, {
    'cisa:KEV:1.0.0': [known.kev],
    'cisa:PE:1.0.0': [known.exposed ?? 'Y'],
    'ssvc:A:2.0.0': known.automatable === undefined ? ['N', 'Y'] : [known.automatable],
    'ssvc:TI:1.0.0': known.impact === undefined ? ['P', 'T'] : [known.impact],
  });
  const why = decision.isCertain
    ? `${sentenceOf(decision)}: ${decision.outcome.name}`
    : `several rows are possible; the earliest deadline holds until the missing value is stated`;
  const { key, name } = decision.outcome;
  return timed(known, { key, tier: name, row: decision.row, why });
}

const undetermined: Bod2604 = {
  tier: 'undetermined',
  table: bod2604Table.id,
  row: 'no row: KEV membership is unknown',
  days: null,
  rule: 'no KEV catalog was consulted, and membership is never assumed: load the catalog',
  startsAt: null,
  dueAt: null,
  overdue: false,
  forensics: [],
};

interface Outcome {
  readonly key: string;
  readonly tier: string;
  readonly row: string;
  readonly why: string;
}

const daysOf: Readonly<Record<string, number | null>> = {
  FSU: null,
  '60D': 60,
  '14D': 14,
  '3D': 3,
  '3DF': 3,
};

function timed(known: Bod2604Known, outcome: Outcome): Bod2604 {
  const { tier, row, why } = outcome;
  const days = daysOf[outcome.key];
  if (days === undefined) throw new Error(`${bod2604Table.id} has no days for ${outcome.key}`);
  const common = { tier, table: bod2604Table.id, row, days };
  if (days === null) {
    return { ...common, rule: why, startsAt: null, dueAt: null, overdue: false, forensics: [] };
  }
  const { startsAt, from } = startOf(known);
  const dueAt = addMilliseconds(startsAt, days * 24 * hour);
  return {
    ...common,
    rule: `${why}; ${days} calendar days from ${from}`,
    startsAt,
    dueAt,
    overdue: dueAt < known.now,
    forensics: outcome.key === '3DF' ? forensicSteps(startsAt) : [],
  };
}

/** A KEV date has no hour: its first in UTC, so that the deadline is never late. */
function startOf(known: Bod2604Known): { startsAt: Instant; from: string } {
  const listed = known.kevAdded === undefined ? null : parseInstant(`${known.kevAdded}T00:00:00Z`);
  if (listed !== null && listed < known.detectedAt) {
    return { startsAt: listed, from: 'the KEV listing, which came before the first detection' };
  }
  return { startsAt: known.detectedAt, from: 'the first detection' };
}

/** The guidance's clocks; evidence is taken before anything is patched. */
function forensicSteps(startsAt: Instant): Bod2604['forensics'] {
  const steps: readonly (readonly [string, number])[] = [
    ['scope the triage', 2],
    ['secure volatile evidence, before patching', 24],
    ['decide: no compromise, suspected or confirmed', 72],
  ];
  return steps.map(([step, hours]) => ({ step, dueAt: addMilliseconds(startsAt, hours * hour) }));
}

function sentenceOf(decision: SsvcDecision): string {
  return decision.inputs.map(({ point, value }) => `${point}: ${value.name}`).join(', ');
}
