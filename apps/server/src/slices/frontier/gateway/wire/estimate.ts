/** Bytes that are looked at, of a longer text in so many parts spread over it. */
const lookedMax = 16_384;
const parts = 16;

/** Quarters of a token. What each sign weighs was fitted to real texts: docs/rules/gateway.md. */
const ofWordPart = 4;
const lettersOfPart = 7;
const ofDigits = 4;
const digitsOfPart = 3;
const ofSigns = 3;
const signsOfPart = 2;
const ofSpaces = 3;
const runMin = 16;
const runOfToken = 32;
const ofHighByte = 1.5;
const ofEscape = 2;
const ofHexEscape = 4.5;

/**
 * About how many tokens a tokenizer makes of a text in UTF-8, or of the JSON that it stands in. It is
 * no bound: words are taken for pieces of seven letters, digits go by three and other signs by two,
 * as tokenizers cut them before they look anything up. At most 16 KiB are looked at.
 */
export function estimateTokens(text: Buffer): number {
  if (text.length <= lookedMax) return quartersIn(text, 0, text.length) / 4;
  const length = lookedMax / parts;
  const step = (text.length - length) / (parts - 1);
  let quarters = 0;
  for (let part = 0; part < parts; part++) {
    const from = Math.floor(part * step);
    quarters += quartersIn(text, from, from + length);
  }
  return ((quarters / lookedMax) * text.length) / 4;
}

const backslash = 0x5c;
const letterU = 0x75;

const [letter, digit, space, high, sign] = [0, 1, 2, 3, 4] as const;

/** What each byte is. */
const kinds = Uint8Array.from({ length: 256 }, (_, byte) => {
  const small = byte | 0x20;
  if (byte >= 0x80) return high;
  if (small >= 0x61 && small <= 0x7a) return letter;
  if (byte <= 0x20) return space;
  return byte >= 0x30 && byte <= 0x39 ? digit : sign;
});

function quartersIn(text: Buffer, from: number, to: number): number {
  let quarters = 0;
  let at = from;
  while (at < to) {
    const byte = text[at] ?? 0;
    if (byte === backslash) {
      const isHex = text[at + 1] === letterU;
      quarters += isHex ? ofHexEscape : ofEscape;
      at += isHex ? 6 : 2;
      continue;
    }
    const kind = kinds[byte] ?? sign;
    let end = at + 1;
    while (end < to && kinds[text[end] ?? 0] === kind && text[end] !== backslash) end += 1;
    quarters += quartersOf(kind, end - at);
    at = end;
  }
  return quarters;
}

function quartersOf(kind: number, length: number): number {
  if (kind === letter) return ofWordPart * Math.ceil(length / lettersOfPart);
  if (kind === digit) return ofDigits * Math.ceil(length / digitsOfPart);
  if (kind === high) return ofHighByte * length;
  if (kind === sign)
    return ofSigns * Math.ceil(Math.min(length, runMin) / signsOfPart) + ofRun(length);
  // One space belongs to the word behind it.
  return length === 1 ? 0 : ofSpaces + ofRun(length);
}

/** What is beyond a short run is the same sign again, of which vocabularies have long ones. */
function ofRun(length: number): number {
  return length <= runMin ? 0 : (4 * (length - runMin)) / runOfToken;
}
