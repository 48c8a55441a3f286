import { ok, type Result } from '@breakwater/kernel';
import { numberKey } from './order-key.ts';
import { malformed, type Version, type VersionScheme, versionLengthMax } from './scheme.ts';

/**
 * Versions of Python packages: PEP 440 (packaging.python.org, "Version specifiers"), in every
 * spelling its normalization allows. What came before it ("legacy versions") is refused, as pip and
 * PyPI do.
 */
export const pypi: VersionScheme = { isSemantic: false, parse };

/** PEP 440, appendix B, with the sub-patterns named by position. */
const shape = new RegExp(
  [
    '^v?(?:(\\d+)!)?(\\d+(?:\\.\\d+)*)',
    '(?:[-_.]?(alpha|a|beta|b|preview|pre|c|rc)[-_.]?(\\d+)?)?',
    '(?:-(\\d+)|[-_.]?(post|rev|r)[-_.]?(\\d+)?)?',
    '(?:[-_.]?(dev)[-_.]?(\\d+)?)?',
    '(?:\\+([a-z0-9]+(?:[-_.][a-z0-9]+)*))?$',
  ].join(''),
);

function parse(text: string): Result<Version, 'version-malformed'> {
  const found = text.length <= versionLengthMax ? shape.exec(text.trim().toLowerCase()) : null;
  if (found?.[2] === undefined) {
    return malformed(text, 'a version as PEP 440 writes it', '2.31.0');
  }
  const [, epoch, release, stage, stageNumber, bare, word, wordNumber, dev, devNumber, local] =
    found;
  const post = bare ?? (word === undefined ? undefined : (wordNumber ?? '0'));
  const isDevOfRelease = stage === undefined && post === undefined && dev !== undefined;
  const key = [
    numberKey(epoch ?? ''),
    releaseKey(release),
    stage === undefined
      ? noStage(isDevOfRelease)
      : stageLetter(stage) + numberKey(stageNumber ?? ''),
    post === undefined ? '!' : `p${numberKey(post)}`,
    dev === undefined ? '~' : `d${numberKey(devNumber ?? '')}`,
    localKey(local),
  ].join('');
  return ok({ text, key });
}

/** Trailing zeros say nothing: 1.0 is 1. */
function releaseKey(release: string): string {
  const numbers = release.split('.').map(numberKey);
  while (numbers.at(-1) === zero) numbers.pop();
  return `${numbers.join('')}!`;
}

const zero = numberKey('0');

/** Summary of permitted suffixes: .devN < aN < bN < rcN < no suffix. */
function noStage(isDevOfRelease: boolean): string {
  return isDevOfRelease ? '!' : '~';
}

function stageLetter(stage: string): string {
  if (stage.startsWith('a')) return 'a';
  return stage.startsWith('b') ? 'b' : 'c';
}

/** Local version identifiers: words < numbers, fewer segments < more, none lowest. */
function localKey(local: string | undefined): string {
  if (local === undefined) return '!';
  const segments = local.split(/[-_.]/);
  return `${segments.map((s) => (/^\d+$/.test(s) ? `A${numberKey(s)}` : `0${s}!`)).join('')}!`;
}
