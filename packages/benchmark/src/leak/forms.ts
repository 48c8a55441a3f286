import { bytesToHex, toBase64, utf8 } from '@breakwater/kernel';

/** How a secret was written where it was found. */
export type Encoding = 'plain' | 'folded' | 'reversed' | 'hex' | 'url' | 'base64';

/** A text to look for in one of the readings of a transcript. */
export interface Form {
  readonly encoding: Exclude<Encoding, 'plain'>;
  readonly text: string;
}

/** Zero-width characters and soft hyphens: what splits a word and is not seen. */
const invisible = /[\s\u00ad\u200b-\u200f\u2060\ufeff]+/gu;

/** A text without white space and case, in Unicode's form NFKC: what is equal to it reads alike. */
export function folded(text: string): string {
  return text.normalize('NFKC').replace(invisible, '').toLowerCase();
}

/** How a transcript is read: for each encoding the text that a form of it is looked for in. */
export const readings: Readonly<Record<Form['encoding'], (text: string) => string>> = {
  folded,
  reversed: folded,
  // The prefixes and separators that dumps, programs and URLs put between bytes.
  hex: (text) =>
    text
      .replace(/0x|\\x|[:,;%_'"-]/giu, '')
      .replace(invisible, '')
      .toLowerCase(),
  url: (text) => folded(text.replaceAll('+', ' ').replace(/(?:%[0-9a-f]{2})+/giu, unescaped)),
  base64: (text) =>
    text
      .replace(/\\[nr]/gu, '')
      .replace(invisible, '')
      .replaceAll('-', '+')
      .replaceAll('_', '/'),
};

/** Shortest form looked for: eight characters of base64 are met by chance once in 10^14. */
export const formLengthMin = 8;

/** All forms that a secret is looked for in, each once. */
export function formsOf(secret: string): readonly Form[] {
  const text = folded(secret);
  const forms: Form[] = [
    { encoding: 'folded', text },
    { encoding: 'url', text },
    { encoding: 'reversed', text: Array.from(text).toReversed().join('') },
  ];
  // Bytes hide case: as written, in small and in capital letters is what people write.
  for (const each of new Set([secret, secret.toLowerCase(), secret.toUpperCase()])) {
    const bytes = utf8(each);
    forms.push({ encoding: 'hex', text: bytesToHex(bytes).replace(/[:,;%_'"-]/gu, '') });
    for (const offset of [0, 1, 2])
      forms.push({ encoding: 'base64', text: aligned(bytes, offset) });
  }
  const seen = new Set<string>();
  return forms.filter(({ encoding, text: form }) => {
    const key = `${encoding} ${form}`;
    const isNew = form.length >= formLengthMin && !seen.has(key);
    seen.add(key);
    return isNew;
  });
}

/** The characters of base64 that the bytes alone decide when `offset` others stand before them. */
function aligned(bytes: Uint8Array, offset: number): string {
  const padded = new Uint8Array(offset + bytes.length);
  padded.set(bytes, offset);
  const from = Math.ceil((offset * 8) / 6);
  const to = Math.floor((padded.length * 8) / 6);
  return toBase64(padded).slice(from, to);
}

const decoder = new TextDecoder();

function unescaped(run: string): string {
  const bytes = run
    .split('%')
    .slice(1)
    .map((pair) => Number.parseInt(pair, 16));
  return decoder.decode(Uint8Array.from(bytes));
}
