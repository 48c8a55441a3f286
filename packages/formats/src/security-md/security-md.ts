import { fromUtf8, ok, type Result, refuse } from '@breakwater/kernel';

/** A SECURITY.md: prose for people. Nothing of it is understood but where it says to write to. */
export interface SecurityMd {
  /** As it stands, to be shown as quoted and never obeyed. */
  readonly text: string;
  /** Mail addresses in it, each once, in the order in which they stand. */
  readonly addresses: readonly string[];
  /** `https:` addresses in it, likewise. */
  readonly links: readonly string[];
}

export const securityMdLimits = { bytesMax: 256 * 1024, foundMax: 20 } as const;

/** RFC 5321 bounds; no space, control or markup character. */
const address = /[A-Za-z0-9._%+-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z]{2,24}/g;
const link = /https:\/\/[\x21-\x7e]{1,500}/g;

/** Reads a SECURITY.md from its bytes. */
export function readSecurityMd(bytes: Uint8Array): Result<SecurityMd, 'too-large' | 'not-utf8'> {
  const { bytesMax } = securityMdLimits;
  const todo = 'send the file unchanged';
  if (bytes.length > bytesMax) {
    const got = `${bytes.length}`;
    return refuse({ code: 'too-large', expected: `at most ${bytesMax} bytes`, got, todo });
  }
  let text: string;
  try {
    text = fromUtf8(bytes)
      .replace(/^\uFEFF/, '')
      .replaceAll('\0', '');
  } catch {
    return refuse({ code: 'not-utf8', expected: 'text in UTF-8', got: 'other bytes', todo });
  }
  const links = firstOf([...text.matchAll(link)].map(([found]) => withoutMarkup(found)));
  // An at sign inside an address of the web is no mail address.
  const addresses = firstOf([...text.replace(link, ' ').matchAll(address)].map(([found]) => found));
  return ok({ text, addresses, links });
}

function firstOf(found: readonly string[]): readonly string[] {
  return [...new Set(found)].slice(0, securityMdLimits.foundMax);
}

/** Without what Markdown and sentences put around a link. */
function withoutMarkup(found: string): string {
  const cut = /^[^<>"`|\\^{}]*/.exec(found)?.[0] ?? '';
  // A closing bracket belongs to the sentence unless it was opened in the link.
  let open = 0;
  let end = 0;
  for (; end < cut.length; end += 1) {
    if (cut[end] === '(') open += 1;
    if (cut[end] === ')') open -= 1;
    if (open < 0 || cut[end] === ']') break;
  }
  return cut.slice(0, end).replace(/[.,;:!?*_']{1,20}$/, '');
}
