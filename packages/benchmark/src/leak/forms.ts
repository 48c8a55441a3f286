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

const plain = /^[\0-\x7f]*$/;

/** A text without white space and case, in Unicode's form NFKC: what is equal to it reads alike. */
export function folded(text: string): string {
  return spaceless(plain.test(text) ? text : text.normalize('NFKC')).toLowerCase();
}

function spaceless(text: string): string {
  return text.replace(invisible, '');
}

/** A way to read a transcript, and the encodings that are looked for in what it gives. */
interface Reading {
  readonly encodings: readonly Form['encoding'][];
  readonly of: (text: string) => string;
}

/** Every way a transcript is read. */
export const readings: readonly Reading[] = [
  { encodings: ['folded', 'reversed'], of: folded },
  // What has nothing escaped says the same as folded, and is not read again.
  { encodings: ['url'], of: (text) => (hasEscapes.test(text) ? folded(unescaped(text)) : '') },
  {
    encodings: ['hex'],
    // The prefixes and separators that dumps, programs and URLs put between bytes.
    of: (text) => spaceless(text.replace(/0x|\\x|[:,;%_'"-]/giu, '')).toLowerCase(),
  },
  {
    encodings: ['base64'],
    // Of the two alphabets of RFC 4648; an escaped line break is one in JSON.
    of: (text) =>
      spaceless(text.replace(/\\[nr]/gu, ''))
        .replaceAll('-', '+')
        .replaceAll('_', '/'),
  },
];

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

const hasEscapes = /%[0-9a-f]{2}|\+/iu;
const decoder = new TextDecoder();

function unescaped(text: string): string {
  return text.replaceAll('+', ' ').replace(/(?:%[0-9a-f]{2})+/giu, (run) => {
    const pairs = run.split('%').slice(1);
    return decoder.decode(Uint8Array.from(pairs, (pair) => Number.parseInt(pair, 16)));
  });
}
