/** A text as it reads to the eye, with the place in the original of each of its characters. */
export interface Folded {
  readonly text: string;
  /** For each UTF-16 unit of `text`, the unit of the original that it comes from. */
  readonly from: readonly number[];
}

/**
 * Folds what looks alike: compatibility forms (Unicode NFKD: wide, mathematical, circled letters),
 * letters of other scripts drawn as Latin ones, accents, and characters that show nothing. Case is
 * kept, since it tells a portion marking from a list.
 */
export function fold(original: string): Folded {
  const from: number[] = [];
  let text = '';
  let at = 0;
  for (const character of original) {
    const folded = character < '\u0080' ? character : foldOne(character);
    for (let unit = 0; unit < folded.length; unit++) from.push(at);
    text += folded;
    at += character.length;
  }
  return { text, from };
}

/** The same read from right to left: what an override of direction shows (UAX #9, RLO, RLI). */
export function reversed({ text, from }: Folded): Folded {
  return { text: text.split('').toReversed().join(''), from: from.toReversed() };
}

/** Whether a text turns the direction of its letters around. */
export function turnsAround(original: string): boolean {
  return /[\u202d\u202e\u2067]/.test(original);
}

/**
 * Letters that stand apart from each other, `S E C R E T` or `S.E.C.R.E.T`, put together; nothing
 * else of the text is left, so that only words spelled so are found in it.
 */
export function joined({ text, from }: Folded): Folded {
  const places: number[] = [];
  let letters = '';
  for (const run of text.matchAll(spelled)) {
    for (let unit = 0; unit < run[0].length; unit++) {
      const letter = run[0].charAt(unit);
      if (!/\p{L}/u.test(letter)) continue;
      letters += letter;
      places.push(from[run.index + unit] ?? 0);
    }
    letters += '\n';
    places.push(from[run.index] ?? 0);
  }
  return { text: letters, from: places };
}

const spelled = /(?<![\p{L}\p{N}])\p{L}(?:[\s.\-_*·|]{1,4}\p{L}(?![\p{L}\p{N}])){3,80}/gu;

function foldOne(character: string): string {
  const plain = character.normalize('NFKD').replace(/[\p{M}\p{Cf}]/gu, '');
  let folded = '';
  for (const each of plain) folded += alike.get(each) ?? boxed(each);
  return folded;
}

/** Letters in filled circles and squares and the regional indicators decompose to nothing. */
function boxed(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  for (const first of [0x1f150, 0x1f170, 0x1f1e6]) {
    if (code >= first && code < first + 26) return String.fromCharCode(65 + code - first);
  }
  return character;
}

/** Pairs of a Latin character and all that are drawn like it, after Unicode's confusables (UTS #39). */
const drawnAlike: readonly (readonly [string, string])[] = [
  ['A', 'АΑᎪᗅꓮᴀ'],
  ['B', 'ВΒᏴꓐʙ'],
  ['C', 'СϹᏟꓚᴄⅭ'],
  ['D', 'ᎠꓓᴅⅮ'],
  ['E', 'ЕΕᎬꓰᴇ'],
  ['F', 'ϜꓝꜰᖴӺ'],
  ['G', 'ԌᏀꓖɢ'],
  ['H', 'НΗᎻꓧʜ'],
  ['I', 'ІΙӀꓲɪ'],
  ['J', 'ЈͿᎫꓙᴊ'],
  ['K', 'КΚᏦꓗᴋ'],
  ['L', 'ᏞꓡʟⅬ'],
  ['M', 'МΜᎷꓟᴍⅯ'],
  ['N', 'ΝꓠɴᴎИ'],
  ['O', 'ОΟՕꓳᴏ'],
  ['P', 'РΡᏢꓑᴘ'],
  ['Q', 'Ԛ'],
  ['R', 'ᎡᏒꓣʀЯ'],
  ['S', 'ЅՏᏚꓢꜱ'],
  ['T', 'ТΤᎢꓔᴛ'],
  ['U', 'ՍꓴᴜԱ'],
  ['V', 'ᏙꓦᴠѴⅤ'],
  ['W', 'ԜᎳꓪᴡ'],
  ['X', 'ХΧꓫⅩ'],
  ['Y', 'УΥҮꓬʏ'],
  ['Z', 'ΖᏃꓜᴢ'],
  ['a', 'аα'],
  ['c', 'сϲ'],
  ['d', 'ԁ'],
  ['e', 'еҽ'],
  ['f', 'ſ'],
  ['h', 'һ'],
  ['i', 'іıι'],
  ['j', 'ј'],
  ['k', 'к'],
  ['l', 'ӏ'],
  ['m', 'м'],
  ['n', 'ո'],
  ['o', 'оοօ'],
  ['p', 'рρ'],
  ['r', 'гᴦ'],
  ['s', 'ѕ'],
  ['t', 'тτ'],
  ['u', 'սυ'],
  ['v', 'ѵν'],
  ['x', 'хχ'],
  ['y', 'уγ'],
  ['/', '⁄∕⧸╱⟋〳'],
  ['(', '❨❪⟮⦅﴾⦗'],
  [')', '❩❫⟯⦆﴿⦘'],
  // They take a place and show nothing; what they stand between belongs together.
  ['', '\u115f\u1160\u3164\uffa0\u2800\u17b4\u17b5'],
];

const alike = new Map(
  drawnAlike.flatMap(([latin, others]) => Array.from(others).map((each) => [each, latin] as const)),
);
