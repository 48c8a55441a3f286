/**
 * Finds the model's words in an answer as it goes by: JSON, or events of JSON, cut anywhere. It
 * keeps the place and a short tail, never the answer.
 */
export interface AnsweredText {
  /** The model's words in this piece of the answer, unescaped. */
  take(piece: string): string;
}

/** The fields that bear a model's words, in both wire forms, whole and in streams. */
const opens = /"(?:content|text|delta|partial_json|arguments|thinking|refusal)"\s{0,8}:\s{0,8}"/g;
/** Long enough for the longest of them to be cut in two. */
const tailMax = 40;

export function createAnsweredText(): AnsweredText {
  let tail = '';
  let inside = false;
  return {
    take(piece) {
      const text = tail + piece;
      let words = '';
      let at = 0;
      tail = '';
      while (at < text.length) {
        if (!inside) {
          opens.lastIndex = at;
          const found = opens.exec(text);
          if (found === null) {
            tail = text.slice(Math.max(at, text.length - tailMax));
            break;
          }
          at = opens.lastIndex;
          inside = true;
        }
        const end = stringEnd(text, at);
        const closes = text.charCodeAt(end) === quote;
        words += unescaped(text.slice(at, end));
        inside = !closes;
        if (!closes) {
          tail = text.slice(end);
          break;
        }
        // Two events are two pieces of one text, so nothing is put between them.
        at = end + 1;
      }
      return words;
    },
  };
}

const quote = 34;
const backslash = 92;

/** Where a JSON string ends: its quote, or before an escape that is cut, or the text's end. */
function stringEnd(text: string, from: number): number {
  let at = from;
  while (at < text.length) {
    const unit = text.charCodeAt(at);
    if (unit === quote) return at;
    if (unit === backslash) {
      const length = text.charCodeAt(at + 1) === 117 ? 6 : 2;
      if (at + length > text.length) return at;
      at += length;
    } else {
      at += 1;
    }
  }
  return at;
}

const short: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', b: '\b', f: '\f' };

function unescaped(text: string): string {
  if (!text.includes('\\')) return text;
  return text.replace(/\\(?:u([0-9A-Fa-f]{4})|(.))/gs, (_, hex?: string, sign: string = '') =>
    hex === undefined ? (short[sign] ?? sign) : String.fromCharCode(Number.parseInt(hex, 16)),
  );
}
