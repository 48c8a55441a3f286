import { ok, type Result } from '@breakwater/kernel';
import { numberKey } from './order-key.ts';
import { malformed, type Version, type VersionScheme, versionLengthMax } from './scheme.ts';

/**
 * Versions of Alpine packages, `number{.number}[letter]{_suffix[number]}[~hash][-rN]`, in the order of
 * apk-tools 3 (apk-package(5), "pkgver"). What `apk version --check` refuses is refused, but for a
 * number behind the letter (`5.9.2p1`): apk-tools 2 took it, and Alpine's advisories name such ones.
 */
export const alpine: VersionScheme = { isSemantic: false, parse };

const shape =
  /^(\d+)((?:\.\d+)*)([a-z]?)(\d*)((?:_(?:alpha|beta|pre|rc|cvs|svn|git|hg|p)\d*)*)(~[0-9a-f]+)?(?:-r(\d+))?$/;

/** Suffixes that come before the release, in their order, and those that come after it. */
const before = ['alpha', 'beta', 'pre', 'rc'];
const after = ['cvs', 'svn', 'git', 'hg', 'p'];

/**
 * What may stand at a place, in order: a suffix that comes before, the end, a revision, a commit, the
 * number of a suffix, a suffix that comes after, a letter, a number behind it, one more number.
 */
const marks = {
  before: '0',
  end: '1',
  revision: '2',
  commit: '3',
  suffixNumber: '4',
  after: '5',
  letter: '6',
  letterNumber: '7',
  number: '8',
} as const;

function parse(text: string): Result<Version, 'version-malformed'> {
  const found = text.length <= versionLengthMax ? shape.exec(text) : null;
  const [, first, numbers = '', letter = '', behind = '', suffixes = '', commit, revision] =
    found ?? [];
  if (first === undefined) {
    return malformed(text, 'a version as apk writes it', '1.36.1-r5');
  }
  const key = [
    numberKey(first),
    ...numbers
      .split('.')
      .slice(1)
      .map((each) => marks.number + fractionKey(each)),
    letter === '' ? '' : marks.letter + letter,
    behind === '' ? '' : marks.letterNumber + numberKey(behind),
    ...suffixes.split('_').slice(1).map(suffixKey),
    commit === undefined ? '' : `${marks.commit}${commit.slice(1)}!`,
    revision === undefined ? '' : marks.revision + numberKey(revision),
    marks.end,
  ].join('');
  return ok({ text, key });
}

/** A number with a leading zero is compared by its signs, as behind a decimal point. */
function fractionKey(digits: string): string {
  return digits.startsWith('0') ? `!${digits}!` : numberKey(digits);
}

function suffixKey(suffix: string): string {
  const [word = ''] = /^[a-z]+/.exec(suffix) ?? [];
  const digits = suffix.slice(word.length);
  const list = before.includes(word) ? before : after;
  const mark = list === before ? marks.before : marks.after;
  const count = digits === '' ? '' : marks.suffixNumber + numberKey(digits);
  return `${mark}${list.indexOf(word)}${count}`;
}
