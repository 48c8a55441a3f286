import type { MarkingKind } from './find.ts';

/** A form of marking: where in a folded text the first of it begins, or null. */
export interface Form {
  readonly kind: MarkingKind;
  readonly find: (text: string) => number | null;
}

/** Control markings as they follow a level, long and as in portions. */
const controls = [
  'NOFORN|NF|NOCON|ORCON(?:-USGOV)?|OC(?:-USGOV)?|IMCON|IMC|PROPIN|PR|RELIDO|EYES|FISA|FOUO',
  'DSEN|RSEN|EXDIS|NODIS|XD|ND|SBU|LES|SSI|CUI|WNINTEL|DISPLAY ONLY|REL(?: TO)? [A-Z]{3,4}|REL',
  'SI(?:-[A-Z0-9]{1,8})?|COMINT|TK|TALENT KEYHOLE|HCS(?:-[A-Z0-9]{1,8})?|KLM|KLONDIKE|RSV|BUR',
  'RD|FRD|TFNI|CNWDI|SAR(?:-[A-Z0-9]{1,12})?|SAP|FGI|NATO|ATOMAL|BOHEMIA|BALK|FVEY|ACGU|[A-Z]{3}',
].join('|');
const level = '(?:TOP[ _-]{0,2}SECRET|SECRET|CONFIDENTIAL|TS|S|C)';
const longLevel = '(?:TOP[ _-]{0,2}SECRET|SECRET|CONFIDENTIAL)';
const nothingBefore = '(?<![\\p{L}\\p{N}_])';
const nothingAfter = '(?![\\p{L}\\p{N}_])';

/** A line that is a banner, whatever it is decorated with, and levels with controls in a line. */
export const banner: Form = {
  kind: 'banner',
  find: firstOf([
    new RegExp(`^[^\\p{L}\\p{N}\\n]{0,80}(?=${longLevel}[^\\p{L}\\p{N}\\n]{0,80}$)`, 'mu'),
    /^[^\p{L}\p{N}\n]{0,80}(?=top ?secret[^\p{L}\p{N}\n]{0,80}$)/imu,
    new RegExp(
      `^[^\\p{L}\\p{N}\\n]{0,80}(?=(?:${longLevel} ){1,8}${longLevel}[^\\p{L}\\n]{0,80}$)`,
      'mu',
    ),
    new RegExp(`${nothingBefore}T[O0]P[ \\t_-]{0,8}S[E3]CR[E3]T${nothingAfter}`, 'u'),
    new RegExp(
      `(?<![\\p{L}\\p{N}])(?:${longLevel}|TS)[ \\t]{0,4}//[ \\t]{0,4}(?:${controls})${nothingAfter}`,
      'u',
    ),
    new RegExp(
      `${nothingBefore}(?:top ?secret|secret|confidential|ts)//(?:${controls})${nothingAfter}`,
      'iu',
    ),
    new RegExp(
      `${nothingBefore}${longLevel}[ \\t]{0,2}/[ \\t]{0,2}(?:${withoutCountry()})${nothingAfter}`,
      'u',
    ),
    // In names of files.
    /(?<![\p{L}\p{N}])TOP[_-]SECRET[_-][\p{L}\p{N}_.-]{0,80}\.[A-Za-z0-9]{2,5}(?![\p{L}\p{N}])/u,
    /(?<![\p{L}\p{N}])(?:(?:TOP[_-]?)?SECRET|TS|S)[_-]{1,2}(?:NOFORN|NF|SI|TK|HCS|ORCON)(?=[_-]|\.[A-Za-z]{2,5}|[)\s]|$)/mu,
    new RegExp(`(?<![:/])//[ \\t]{0,2}(?:[A-Z]{3,6} ){0,6}(?:${longLevel}|RESTRICTED)`, 'u'),
    new RegExp(`${nothingBefore}(?:NATO|UK|AUS|CAN|NZ|EU) (?:SECRET|CONFIDENTIAL|RESTRICTED)`, 'u'),
    /(?<!\p{L})(?:TR[EÈ]S SECRET|SECRET|CONFIDENTIEL|RESTREINT) UE(?!\p{L})/u,
    /(?<!\p{L})(?:UN)?CLASSIFIED (?:WHEN|UPON) (?:SEPARATED|REMOVAL|ATTACHED|DETACHED|FILLED)/u,
    /(?<!\p{L})(?:SECRET|CONFIDENTIAL) (?:WHEN|UPON) (?:ATTACHED|FILLED|COMPLETED)/u,
    /(?<!\p{L})classification[ \t]{0,4}[:=][ \t]{0,4}(?=(?:top )?secret(?!\p{L}))/iu,
    /(?<!\p{L})classification[ \t]{0,4}[:=][ \t]{0,4}(?=(?-i:CONFIDENTIAL|TS|S)(?!\p{L}))/iu,
  ]),
};

/** Who classified it, by what and until when (32 CFR 2001.21, 2001.22). */
export const authority: Form = {
  kind: 'authority-block',
  find: firstOf([
    /^[^\p{L}\n]{0,40}(?=(?:classified|declassified|cl|drv|derv)[ \t]{1,4}(?:by|from)[ \t]{0,4}:)/imu,
    /^[^\p{L}\n]{0,40}(?=(?:DERIVED FROM|Derived From)[ \t]{0,4}:)/mu,
    /^[^\p{L}\n]{0,40}(?=derived from[ \t]{0,4}:[^\n]{0,60}(?:multiple sources|SCG|CSSM|classif))/imu,
    /^[^\p{L}\n]{0,40}(?=(?:declassify|decl|downgrade)[ \t]{1,4}(?:on|to)[ \t]{0,4}:)/imu,
    /(?<!\p{L})(?:CLASSIFIED BY|DECLASSIFY ON|DECL ON)(?!\p{L})/u,
    /^[^\p{L}\n]{0,40}(?=(?:DERIVED FROM|DRV FROM)(?!\p{L}))/mu,
    /(?<!\p{L})declassify[ \t]{1,4}on[ \t]{1,4}(?=\d|25X|50X|source|OADR)/iu,
    /^[^\p{L}\n]{0,40}(?=reason[ \t]{0,4}:?[ \t]{0,4}1\.[45][ \t]{0,2}\(?[a-h])/imu,
    /(?<![\p{L}\p{N}])(?:50X[12]-(?:HUM|WMD)|OADR)(?![\p{L}\p{N}])/u,
    /restricted data[^\n]{0,60}atomic energy act/iu,
  ]),
};

/** Words that are markings wherever they stand, in capitals or spelled letter by letter. */
export const phrases: Form = {
  kind: 'control',
  find: firstOf([
    /(?<!\p{L})NO[ _-]?FORN(?!\p{L})/iu,
    /(?<!\p{L})(?:ORCON|RELIDO|CNWDI|WNINTEL|IMCON|TALENT KEYHOLE)(?!\p{L})/u,
    /(?<!\p{L})REL(?:EASABLE)? TO (?:USA|FVEY)(?!\p{L})/u,
    /(?<!\p{L})USA,[ \t]{0,4}(?:[A-Z]{3},[ \t]{0,4}){0,6}(?:FVEY|GBR|ACGU)(?!\p{L})/u,
    /^[^\p{L}\p{N}\n]{0,40}(?=FVEY[^\p{L}\p{N}\n]{0,40}$)/mu,
    /^(?=(?:TOP)?SECRET(?:NOFORN|SI|REL\w{0,20})?$)/mu,
  ]),
};

/** A level between parentheses. */
export const portions: Form = {
  kind: 'portion',
  find: firstOf([
    new RegExp(`[(\\[]\\s{0,4}${level}\\s{0,4}//\\s{0,4}(?:${controls})${nothingAfter}`, 'u'),
    new RegExp(`[(\\[]\\s{0,4}${level}//(?:${withoutCountry()})(?![\\p{L}\\p{N}])`, 'iu'),
    new RegExp(
      `[(\\[]\\s{0,4}${level}\\s{0,2}/\\s{0,2}(?:${withoutCountry()})\\s{0,4}[)\\]/]`,
      'u',
    ),
    /[([]\s{0,4}\/\/\s{0,4}(?:NATO |[A-Z]{3} )?(?:CTS|NS|NC|TS|S|C|R)\s{0,4}(?:[)\]]|\/\/)/u,
    bareLevel,
  ]),
};

/** Where (S), (C) or (TS) alone stands as a portion's marking: where a portion begins or ends. */
function bareLevel(text: string): number | null {
  const marked = /^[^\p{L}\p{N}\n(]{0,40}\(\s{0,4}U\s{0,4}\)/mu.test(text);
  // `(A) … (B) … (C)`: the letter before it was there.
  const listedFrom: Readonly<Record<string, number>> = {
    C: startOf(text, /\(\s?B\s?\)/u),
    S: startOf(text, /\(\s?R\s?\)/u),
  };
  for (const match of text.matchAll(/\(\s{0,4}(TS|S|C)\s{0,4}\)/gu)) {
    const at = match.index;
    const before = text.slice(Math.max(0, at - 200), at);
    const after = text.slice(at + match[0].length, at + match[0].length + 60);
    const portion = { letters: match[1] ?? '', before, after };
    if (at > (listedFrom[portion.letters] ?? at) || isCopyright(portion)) continue;
    if (marked || begins(portion) || ends(portion)) return at;
  }
  return null;
}

interface Portion {
  readonly letters: string;
  readonly before: string;
  readonly after: string;
}

function startOf(text: string, pattern: RegExp): number {
  const at = text.search(pattern);
  return at < 0 ? text.length : at;
}

function isCopyright({ letters, before, after }: Portion): boolean {
  if (letters !== 'C') return false;
  return /(?:copyright|©)\s{0,4}$/iu.test(before) || /^\s{0,4}(?:copyright|©|\d{4})/iu.test(after);
}

/** At the beginning of a line (after a list's mark or a number), or of a sentence. */
function begins({ before, after }: Portion): boolean {
  if (!/^\s{0,4}[\p{L}\p{N}"'“([]/u.test(after)) return false;
  return /(?:^|\n)[^\p{L}\n]{0,40}$/u.test(before) || /[.!?:;]["'”)]?\s{1,4}$/u.test(before);
}

/** At the end of a line, as after a title; but not after the words that it abbreviates. */
function ends({ letters, before, after }: Portion): boolean {
  if (!/^[ \t]{0,8}(?:\n|\r|$)/u.test(after)) return false;
  const line = before.slice(before.lastIndexOf('\n') + 1);
  if (!/\p{L}{2}/u.test(line) || !/\s$/u.test(line) || /[\d°]\s{0,2}$/u.test(line)) return false;
  const capitals = line.replace(/[^\p{Lu}]/gu, '');
  return letters !== 'TS' || !capitals.endsWith('TS');
}

/** Controls but for country codes: three letters after one slash are a word as often as not. */
function withoutCountry(): string {
  return controls.replace('|[A-Z]{3}', '').replace('|REL(?: TO)? [A-Z]{3,4}|REL', '|REL TO');
}

type Search = RegExp | Form['find'];

/** Where the first of several begins; a pattern's own first character, after what decorates it. */
function firstOf(searches: readonly Search[]) {
  return (text: string): number | null => {
    let first: number | null = null;
    for (const search of searches) {
      const at = typeof search === 'function' ? search(text) : placeOf(search.exec(text));
      if (at !== null && (first === null || at < first)) first = at;
    }
    return first;
  };
}

function placeOf(match: RegExpExecArray | null): number | null {
  return match === null ? null : match.index + match[0].length - match[0].trimStart().length;
}
