import { parseCvss, scoreCvss } from '@breakwater/formats/cvss';
import { ok, type Result, refuse } from '@breakwater/kernel';
import { type Bod2604, bod2604 } from './bod2604.ts';
import {
  cisaCoordinator,
  type MissionPrevalence,
  type PublicWellBeing,
  type SsvcPriority,
} from './cisa-coordinator.ts';
import type { PriorityFacts, PriorityInput, Stated } from './facts.ts';

export interface CvssPriority {
  readonly vector: string;
  readonly version: string;
  readonly score: number;
  readonly severity: string;
}

/** What comes first, and everything it was made of. */
export interface Priority {
  /** Every input, known or not, in a fixed order. */
  readonly inputs: readonly PriorityInput[];
  readonly ssvc: SsvcPriority;
  readonly bod2604: Bod2604;
  /** Shown, but decides nothing: no published table here takes a CVSS score. */
  readonly cvss: CvssPriority | null;
}

export type PriorityCode = 'cvss-malformed' | 'input-unknown';

/**
 * Scores a case by CISA's coordinator tree and BOD 26-04. Each input is listed with source and
 * date; a missing one says what was assumed and why. Stated values are read regardless of case; a
 * value outside its set refuses the whole, since guessing would hide a typing error in a deadline.
 */
export function prioritize(facts: PriorityFacts): Result<Priority, PriorityCode> {
  const read = readAll(facts);
  if (!read.ok) return read;
  const known = read.value;
  const cvss = readCvss(facts.cvss);
  if (!cvss.ok) return cvss;
  const listed = facts.kev === undefined ? undefined : facts.kev.row !== null;
  const active = known.exploitation === 'A';
  const isKev = listed === true || active ? 'Y' : listed === false ? 'N' : undefined;
  const { automatable, impact } = known;
  return ok({
    inputs: inputsOf(facts, { listed, active, vector: cvss.value }),
    ssvc: cisaCoordinator({
      ...known,
      exploitation: known.exploitation ?? (listed === true ? 'A' : undefined),
    }),
    bod2604: bod2604({
      kev: isKev,
      exposed: known.exposed,
      automatable,
      impact,
      kevAdded: facts.kev?.row?.dateAdded,
      detectedAt: facts.detectedAt,
      now: facts.now,
    }),
    cvss: cvss.value,
  });
}

interface Known {
  readonly exploitation: 'N' | 'P' | 'A' | undefined;
  readonly automatable: 'N' | 'Y' | undefined;
  readonly impact: 'P' | 'T' | undefined;
  readonly exposed: 'N' | 'Y' | undefined;
  readonly missionPrevalence: MissionPrevalence | undefined;
  readonly publicWellBeing: PublicWellBeing | undefined;
}

const yesNo = { no: 'N', yes: 'Y' } as const;

function readAll(facts: PriorityFacts): Result<Known, PriorityCode> {
  const exploitation = choose('exploitation', facts.exploitation, {
    none: 'N',
    poc: 'P',
    'public poc': 'P',
    active: 'A',
  } as const);
  const automatable = choose('automatable', facts.automatable, yesNo);
  const impact = choose('technical impact', facts.technicalImpact, {
    partial: 'P',
    total: 'T',
  } as const);
  const exposed = choose('exposure', facts.exposure, yesNo);
  const missionPrevalence = choose('mission prevalence', facts.missionPrevalence, {
    minimal: 'minimal',
    support: 'support',
    essential: 'essential',
  } as const);
  const publicWellBeing = choose('public well-being', facts.publicWellBeing, {
    minimal: 'minimal',
    material: 'material',
    irreversible: 'irreversible',
  } as const);
  if (!exploitation.ok) return exploitation;
  if (!automatable.ok) return automatable;
  if (!impact.ok) return impact;
  if (!exposed.ok) return exposed;
  if (!missionPrevalence.ok) return missionPrevalence;
  if (!publicWellBeing.ok) return publicWellBeing;
  return ok({
    exploitation: exploitation.value,
    automatable: automatable.value,
    impact: impact.value,
    exposed: exposed.value,
    missionPrevalence: missionPrevalence.value,
    publicWellBeing: publicWellBeing.value,
  });
}

function choose<Key extends string>(
  name: string,
  stated: Stated | undefined,
  choices: Readonly<Record<string, Key>>,
): Result<Key | undefined, PriorityCode> {
  if (stated === undefined) return ok(undefined);
  const wanted = stated.value.trim().toLowerCase().replace(/[_-]/g, ' ');
  if (Object.hasOwn(choices, wanted)) return ok(choices[wanted]);
  return refuse({
    code: 'input-unknown',
    expected: `${name} as one of ${Object.keys(choices).join(', ')}`,
    got: JSON.stringify(stated.value.slice(0, 60)),
    todo: 'state one of these, or leave it out',
  });
}

function readCvss(stated: Stated | undefined): Result<CvssPriority | null, PriorityCode> {
  if (stated === undefined) return ok(null);
  const vector = parseCvss(stated.value);
  if (!vector.ok) return refuse({ ...vector.refusal, code: 'cvss-malformed' });
  const { score, severity } = scoreCvss(vector.value);
  return ok({ vector: vector.value.text, version: vector.value.version, score, severity });
}

interface Seen {
  readonly listed: boolean | undefined;
  readonly active: boolean;
  readonly vector: CvssPriority | null;
}

function inputsOf(facts: PriorityFacts, seen: Seen): readonly PriorityInput[] {
  const bothMissing = facts.automatable === undefined && facts.technicalImpact === undefined;
  const open =
    bothMissing && seen.listed === false && !seen.active
      ? 'BOD 26-04: 60 days, as Automatable and Technical Impact are both missing; SSVC: any value'
      : 'any value is possible, so the most urgent decision holds';
  return [
    kevInput(facts, seen),
    shown(
      'Publicly Exposed',
      facts.exposure,
      'yes: unknown exposure counts as exposed (BOD 26-04)',
    ),
    shown(
      'Exploitation',
      facts.exploitation,
      seen.listed === true ? 'active: listed in KEV' : 'none: no evidence of it is known (SSVC)',
    ),
    shown('Automatable', facts.automatable, open),
    shown('Technical Impact', facts.technicalImpact, open),
    shown('Mission Prevalence', facts.missionPrevalence, mostUrgentHolds),
    shown('Public Well-Being Impact', facts.publicWellBeing, mostUrgentHolds),
    cvssInput(facts, seen.vector),
    epssInput(facts),
  ];
}

const mostUrgentHolds = 'any value is possible, so the most urgent decision holds';

function shown(name: string, stated: Stated | undefined, assumed: string): PriorityInput {
  if (stated === undefined) return { name, value: null, source: 'not stated', date: null, assumed };
  const { value, source, date } = stated;
  return { name, value, source, date, assumed: null };
}

function kevInput({ kev }: PriorityFacts, { active }: Seen): PriorityInput {
  const name = 'In KEV';
  const exploited = active ? 'yes: active exploitation counts as a listing (SSVC)' : null;
  if (kev === undefined) {
    const assumed = exploited ?? 'nothing: KEV membership is never assumed, load the catalog';
    return { name, value: null, source: 'no catalog loaded', date: null, assumed };
  }
  const { row, source, date } = kev;
  if (row === null) return { name, value: 'no', source, date, assumed: exploited };
  return { name, value: `yes, since ${row.dateAdded}`, source, date, assumed: null };
}

function cvssInput({ cvss }: PriorityFacts, scored: CvssPriority | null): PriorityInput {
  const input = shown('CVSS', cvss, 'nothing: no table here depends on it');
  return scored === null
    ? input
    : { ...input, value: `${scored.score} ${scored.severity} ${scored.vector}` };
}

function epssInput({ epss }: PriorityFacts): PriorityInput {
  const name = 'EPSS';
  const assumed = 'nothing: no table here depends on it';
  if (epss === undefined) {
    return { name, value: null, source: 'no scores loaded', date: null, assumed };
  }
  const { row, source, date } = epss;
  if (row === null) return { name, value: null, source, date, assumed };
  const value = `${row.score} (percentile ${row.percentile})`;
  return { name, value, source, date, assumed: null };
}
