import { ok, type Result } from '@breakwater/kernel';
import { numberKey } from './order-key.ts';
import { malformed, type Version, type VersionScheme, versionLengthMax } from './scheme.ts';

/**
 * Versions of gems, in the order of RubyGems' own `Gem::Version`: numbers and runs of letters by
 * turns, a word sorts before every number, and a version that ends goes on as zeros for ever.
 */
export const rubygems: VersionScheme = { isSemantic: false, parse };

/** `Gem::Version::VERSION_PATTERN`. */
const shape = /^\d+(?:\.[0-9A-Za-z]+)*(?:-[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?$/;

function parse(text: string): Result<Version, 'version-malformed'> {
  const plain = text.trim();
  // Gem::Version takes a letter right after the first number too, as in the old `1beta`.
  const isVersion = shape.test(plain) || /^\d+[A-Za-z][0-9A-Za-z]*(?:\.[0-9A-Za-z]+)*$/.test(plain);
  if (text.length > versionLengthMax || !isVersion) {
    return malformed(text, 'a version of numbers and words with dots between', '7.1.3.2');
  }
  // A hyphen begins a prerelease.
  const segments = plain.replaceAll('-', '.pre.').match(/\d+|[A-Za-z]+/g) ?? [];
  return ok({ text, key: keyOf(withoutIdleZeros(segments)) });
}

/** Zeros before the first word say nothing (`Gem::Version#canonical_segments`). */
function withoutIdleZeros(segments: readonly string[]): readonly string[] {
  const firstWord = segments.findIndex((each) => !/^\d/.test(each));
  if (firstWord < 0) return segments;
  let end = firstWord;
  while (end > 0 && isZero(segments[end - 1])) end -= 1;
  return [...segments.slice(0, end), ...segments.slice(firstWord)];
}

/**
 * Order at each place: a word < zeros that lead to a word < the end < zeros that lead to a number < a
 * number. The end being zeros for ever, more zeros come closer to it from either side.
 */
function keyOf(segments: readonly string[]): string {
  let key = '';
  for (let at = 0; at < segments.length; at += 1) {
    let zeros = 0;
    while (isZero(segments[at])) {
      zeros += 1;
      at += 1;
    }
    const segment = segments[at];
    if (segment === undefined) break;
    const isNumber = /^\d/.test(segment);
    const own = isNumber ? `E${numberKey(segment)}` : `A${segment}!`;
    key += zeros === 0 ? own : zerosKey(zeros, isNumber) + own;
  }
  return `${key}C`;
}

function zerosKey(count: number, leadsToNumber: boolean): string {
  const place = leadsToNumber ? versionLengthMax - count : count;
  return (leadsToNumber ? 'D' : 'B') + String(place).padStart(3, '0');
}

function isZero(segment: string | undefined): boolean {
  return segment !== undefined && /^0+$/.test(segment);
}
