import type { Finding } from './fault.ts';
import { compareMoments } from './moment.ts';
import type { CsafDocument } from './structure.ts';

/** A document's or revision's version (3.1.11), taken apart. */
interface Version {
  readonly isInteger: boolean;
  /** One number, or three. */
  readonly numbers: readonly number[];
  readonly preRelease: string | null;
}

function versionOf(text: string): Version {
  const [plain = ''] = text.split('+');
  const dash = plain.indexOf('-');
  const core = dash < 0 ? plain : plain.slice(0, dash);
  const numbers = core.split('.').map(Number);
  return {
    isInteger: numbers.length === 1,
    numbers,
    preRelease: dash < 0 ? null : plain.slice(dash + 1),
  };
}

/** 3.1.11.2, 11; below zero: `a` comes first. */
function compareVersions(a: string, b: string): number {
  const [x, y] = [versionOf(a), versionOf(b)];
  for (const [i, number] of x.numbers.entries()) {
    const order = number - (y.numbers[i] ?? 0);
    if (order !== 0) return order;
  }
  if (x.preRelease === null || y.preRelease === null) {
    return Number(x.preRelease === null) - Number(y.preRelease === null);
  }
  return comparePreReleases(x.preRelease.split('.'), y.preRelease.split('.'));
}

function comparePreReleases(a: readonly string[], b: readonly string[]): number {
  for (const [i, x] of a.entries()) {
    const y = b[i];
    if (y === undefined) return 1;
    if (x === y) continue;
    const [isNumber, isOtherNumber] = [/^\d+$/.test(x), /^\d+$/.test(y)];
    if (isNumber && isOtherNumber) return Number(x) - Number(y);
    if (isNumber !== isOtherNumber) return isNumber ? -1 : 1;
    return x < y ? -1 : 1;
  }
  return a.length - b.length;
}

const isBeforeRelease = (text: string): boolean => versionOf(text).numbers[0] === 0;

interface Revision {
  readonly number: string;
  readonly date: string;
  readonly pointer: string;
}

/** By date; of one date by number, so that only a number that goes back is out of order. */
function revisionsOf({ document }: CsafDocument): readonly Revision[] {
  return document.tracking.revision_history
    .map(({ number, date }, i) => ({
      number,
      date,
      pointer: `/document/tracking/revision_history/${i}/number`,
    }))
    .toSorted((a, b) => compareMoments(a.date, b.date) || compareVersions(a.number, b.number));
}

/** 6.1.14: later revisions have higher numbers. */
export function* unsortedRevisions(document: CsafDocument): Generator<Finding> {
  const revisions = revisionsOf(document);
  for (const [i, { number, pointer }] of revisions.entries()) {
    const before = revisions[i - 1];
    if (before !== undefined && compareVersions(before.number, number) > 0) {
      yield [pointer, `comes after ${before.number}`];
    }
  }
}

/** 6.1.16: the document has the version of its last revision. */
export function* staleVersion(document: CsafDocument): Generator<Finding> {
  const { version, status } = document.document.tracking;
  const last = revisionsOf(document).at(-1)?.number ?? version;
  const compared = (text: string): string => {
    const { numbers, preRelease } = versionOf(text);
    const core = numbers.join('.');
    return status === 'draft' || preRelease === null ? core : `${core}-${preRelease}`;
  };
  if (compared(version) !== compared(last)) {
    yield ['/document/tracking/version', `${version}, and the last revision is ${last}`];
  }
}

/** 6.1.17: what is before 1, or a pre-release, is a draft. */
export function* undeclaredDraft(document: CsafDocument): Generator<Finding> {
  const { version, status } = document.document.tracking;
  if (status === 'draft') return;
  if (isBeforeRelease(version) || versionOf(version).preRelease !== null) {
    yield ['/document/tracking/status', `${status}, and version ${version} is of a draft`];
  }
}

/** 6.1.18: what is released has no revision 0. */
export function* releasedDrafts(document: CsafDocument): Generator<Finding> {
  if (document.document.tracking.status === 'draft') return;
  for (const { number, pointer } of revisionsOf(document)) {
    if (isBeforeRelease(number)) yield [pointer, `${number} was never released`];
  }
}

/** 6.1.19: pre-releases are no revisions. */
export function* preReleaseRevisions(document: CsafDocument): Generator<Finding> {
  for (const { number, pointer } of revisionsOf(document)) {
    if (versionOf(number).preRelease !== null) yield [pointer, `${number} is a pre-release`];
  }
}

/** 6.1.20: only a draft has the version of a pre-release. */
export function* releasedPreRelease(document: CsafDocument): Generator<Finding> {
  const { version, status } = document.document.tracking;
  if (status !== 'draft' && versionOf(version).preRelease !== null) {
    yield ['/document/tracking/version', `${version} is a pre-release, the document ${status}`];
  }
}

/** 6.1.21: revisions begin with 0 or 1 and leave no number out; of semantic ones, no major one. */
export function* missingRevisions(document: CsafDocument): Generator<Finding> {
  let before: number | null = null;
  for (const { number, pointer } of revisionsOf(document)) {
    const [major = 0] = versionOf(number).numbers;
    if (before === null && major > 1) yield [pointer, `the first revision is ${number}`];
    if (before !== null && major > before + 1) yield [pointer, `no revision ${before + 1}`];
    before = major;
  }
}

/** 6.1.22: no revision twice. */
export function* repeatedRevisions(document: CsafDocument): Generator<Finding> {
  const seen = new Set<string>();
  for (const { number, pointer } of revisionsOf(document)) {
    if (seen.has(number)) yield [pointer, `a second revision ${number}`];
    seen.add(number);
  }
}

/** 6.1.30: versions are all integers, or all semantic. */
export function* mixedVersions(document: CsafDocument): Generator<Finding> {
  const { isInteger } = versionOf(document.document.tracking.version);
  for (const { number, pointer } of revisionsOf(document)) {
    if (versionOf(number).isInteger !== isInteger) {
      yield [pointer, `${number}, and the document's is ${isInteger ? 'an integer' : 'semantic'}`];
    }
  }
}
