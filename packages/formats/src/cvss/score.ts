import AE from 'ae-cvss-calculator';
import type { CvssVersion } from './metrics.ts';
import type { CvssVector } from './vector.ts';

export type CvssSeverity = 'NONE' | 'LOW' | 'MEDIUM' | 'HIGH' | 'CRITICAL';

export interface CvssScore {
  /** What counts, 0 to 10: base, adjusted by the threat and environmental metrics given. */
  readonly score: number;
  /** From the base metrics alone. */
  readonly base: number;
  /** Of `score`. CVSS 2.0 has no ratings of its own; the NVD's are used, without CRITICAL. */
  readonly severity: CvssSeverity;
  /** Which metric groups are in the score (4.0 §1.3): `CVSS-B`, `-BT`, `-BE`, `-BTE`; 4.0 only. */
  readonly nomenclature: string | null;
}

/** The scores a CVSS 2.0 or 3.x vector has step by step, each from the one before. */
export interface CvssSteps {
  readonly base: number;
  readonly temporal: number;
  readonly environmental: number;
}

/** What documents that state each step apart have to state (2.0 §3.2, 3.1 §7); null: of 4.0. */
export function stepsOf(vector: CvssVector): CvssSteps | null {
  if (vector.version === '4.0') return null;
  const scores = calculatorOf(vector.version, vector.text).calculateScores();
  const base = positive(scores.base ?? scores.overall);
  const temporal = positive(scores.temporal ?? base);
  return { base, temporal, environmental: positive(scores.environmental ?? temporal) };
}

/** The rating of a score of CVSS 3.x (3.1 §5) or 4.0 (§6). */
export function ratingOf(score: number): CvssSeverity {
  return severityOf(score, false);
}

/** Scores a parsed vector by the formulas of its version's specification. */
export function scoreCvss(vector: CvssVector): CvssScore {
  const { base, score } = calculated(vector);
  return {
    score: positive(score),
    base: positive(base),
    severity: severityOf(positive(score), vector.version === '2.0'),
    nomenclature: vector.version === '4.0' ? nomenclatureOf(vector) : null,
  };
}

function calculated({ version, text }: CvssVector): { base: number; score: number } {
  if (version === '4.0') {
    const scores = new AE.Cvss4P0(text).calculateScores();
    return { base: scores.baseMetricsOnly ?? scores.overall, score: scores.overall };
  }
  const scores = calculatorOf(version, text).calculateScores();
  return { base: scores.base ?? scores.overall, score: scores.overall };
}

function calculatorOf(version: Exclude<CvssVersion, '4.0'>, text: string) {
  if (version === '2.0') return new AE.Cvss2(text);
  return version === '3.0' ? new AE.Cvss3P0(text) : new AE.Cvss3P1(text);
}

/** The 2.0 formula yields -0 where nothing is impacted. */
function positive(score: number): number {
  return Math.max(0, score);
}

function severityOf(score: number, isTwo: boolean): CvssSeverity {
  if (isTwo) return score < 4 ? 'LOW' : score < 7 ? 'MEDIUM' : 'HIGH';
  if (score === 0) return 'NONE';
  if (score < 4) return 'LOW';
  if (score < 7) return 'MEDIUM';
  return score < 9 ? 'HIGH' : 'CRITICAL';
}

const environmental = 'CR IR AR MAV MAC MAT MPR MUI MVC MVI MVA MSC MSI MSA'.split(' ');

function nomenclatureOf({ metrics }: CvssVector): string {
  const isGiven = (name: string): boolean => (metrics.get(name) ?? 'X') !== 'X';
  return `CVSS-B${isGiven('E') ? 'T' : ''}${environmental.some(isGiven) ? 'E' : ''}`;
}
