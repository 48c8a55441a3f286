import { fromUtf8, type Instant, ok, parseInstant, type Result, refuse } from '@breakwater/kernel';
import { uriPattern } from '../uri/uri.ts';

/** What a security.txt says (RFC 9116); lists in the order of preference in which they stand. */
export interface SecurityTxt {
  /** `mailto:`, `tel:` and `https:` addresses, §2.5.3; at least one. */
  readonly contacts: readonly string[];
  /** From then on nothing in it counts, §2.5.5. */
  readonly expires: Instant;
  readonly acknowledgments: readonly string[];
  readonly canonical: readonly string[];
  readonly encryption: readonly string[];
  readonly hiring: readonly string[];
  readonly policies: readonly string[];
  /** Language tags, §2.5.8; empty: not said. */
  readonly languages: readonly string[];
  /** Provider metadata of CSAF, as registered with IANA (csaf-v2.0, 7.1.8). */
  readonly csaf: readonly string[];
  /** Fields that are registered later or nowhere; a reader passes them over, §2.4. */
  readonly others: readonly { readonly field: string; readonly value: string }[];
  /** It stands in an OpenPGP cleartext signature, §2.3, which is not checked here. */
  readonly signed: boolean;
  /** What was passed over, and why. */
  readonly faults: readonly SecurityTxtFault[];
}

export interface SecurityTxtFault {
  /** From 1. */
  readonly line: number;
  readonly code: 'not-a-field' | 'not-a-uri' | 'not-secure' | 'languages-twice' | 'outside';
  readonly text: string;
}

export type SecurityTxtCode =
  | 'too-large'
  | 'not-utf8'
  | 'signature-broken'
  | 'contact-missing'
  | 'expires-missing'
  | 'expires-malformed'
  | 'expires-twice';

/** Real ones have some hundred bytes; whoever serves more wants something else. */
export const securityTxtLimits = { bytesMax: 64 * 1024, linesMax: 2_000 } as const;

const uriFields = {
  contact: 'contacts',
  acknowledgments: 'acknowledgments',
  canonical: 'canonical',
  encryption: 'encryption',
  hiring: 'hiring',
  policy: 'policies',
  csaf: 'csaf',
} as const;
type UriList = (typeof uriFields)[keyof typeof uriFields];

/** Parses a security.txt from its bytes; a byte order mark before it is passed over. */
export function parseSecurityTxt(bytes: Uint8Array): Result<SecurityTxt, SecurityTxtCode> {
  const { bytesMax, linesMax } = securityTxtLimits;
  if (bytes.length > bytesMax) {
    return no('too-large', `at most ${bytesMax} bytes`, `${bytes.length}`);
  }
  let text: string;
  try {
    text = fromUtf8(bytes).replace(/^\uFEFF/, '');
  } catch {
    return no('not-utf8', 'text in UTF-8 (§2.2)', 'bytes that are not');
  }
  const lines = text.split(/\r?\n/);
  if (lines.length > linesMax) return no('too-large', `at most ${linesMax} lines`, 'more');
  const signed = takeFromSignature(lines);
  if (!signed.ok) return signed;
  return read(signed.value);
}

/** Whether a file that was read at `address` says that this is its place, or names none (§2.5.2). */
export function isCanonical({ canonical }: SecurityTxt, address: string): boolean {
  return canonical.length === 0 || canonical.includes(address);
}

interface Body {
  readonly signed: boolean;
  /** What is to be read, with the number of each line. */
  readonly lines: readonly { readonly line: number; readonly text: string }[];
  readonly faults: readonly SecurityTxtFault[];
}

const begins = '-----BEGIN PGP SIGNED MESSAGE-----';
const signature = '-----BEGIN PGP SIGNATURE-----';
const ends = '-----END PGP SIGNATURE-----';

/** What stands inside the signature alone (RFC 9580, 7): anybody may have added what is around. */
function takeFromSignature(all: readonly string[]): Result<Body, 'signature-broken'> {
  const numbered = all.map((text, at) => ({ line: at + 1, text }));
  const start = all.findIndex((text) => text.trimEnd() === begins);
  if (start < 0) return ok({ signed: false, lines: numbered, faults: [] });
  const header = all.findIndex((text, at) => at > start && text.trim() === '');
  const end = all.findIndex((text, at) => at > start && text.trimEnd() === signature);
  const last = all.findIndex((text, at) => at > end && text.trimEnd() === ends);
  if (header < 0 || end < header || last < 0) {
    return no('signature-broken', 'a whole cleartext signature (RFC 9580, 7)', 'a part of one');
  }
  const around = [...numbered.slice(0, start), ...numbered.slice(last + 1)];
  const faults = around
    .filter(({ text }) => text.trim() !== '')
    .map(({ line }) => fault(line, 'outside', 'stands outside the signature'));
  const lines = numbered
    .slice(header + 1, end)
    .map(({ line, text }) => ({ line, text: text.replace(/^- /, '') }));
  return ok({ signed: true, lines, faults });
}

function read({ signed, lines, faults: before }: Body): Result<SecurityTxt, SecurityTxtCode> {
  const faults = [...before];
  const lists: Record<UriList, string[]> = {
    contacts: [],
    acknowledgments: [],
    canonical: [],
    encryption: [],
    hiring: [],
    policies: [],
    csaf: [],
  };
  const others: { field: string; value: string }[] = [];
  const expires: string[] = [];
  const languages: string[][] = [];
  for (const { line, text } of lines) {
    if (text.trim() === '' || text.startsWith('#')) continue;
    const field = /^([\x21-\x39\x3b-\x7e]{1,100}):[ \t]*(\S(?:.*\S)?)[ \t]*$/u.exec(text);
    const [, given, value] = field ?? [];
    if (given === undefined || value === undefined) {
      faults.push(fault(line, 'not-a-field', 'no comment and no field: name, colon, value (§4)'));
      continue;
    }
    const name = given.toLowerCase();
    if (name === 'expires') expires.push(value);
    else if (name === 'preferred-languages') languages.push(value.split(',').map((t) => t.trim()));
    else if (isUriField(name)) {
      const wrong = wrongWith(value);
      if (wrong === null) lists[uriFields[name]].push(value);
      else faults.push(fault(line, wrong.code, `${given}: ${wrong.text}`));
    } else others.push({ field: given, value });
  }
  if (languages.length > 1) {
    faults.push(fault(0, 'languages-twice', 'Preferred-Languages more than once (§2.5.8)'));
  }
  const ends = expiryOf(expires);
  if (!ends.ok) return ends;
  if (lists.contacts.length === 0) {
    return no('contact-missing', 'a Contact that is a URI (§2.5.3)', 'none');
  }
  const spoken = (languages[0] ?? []).filter((tag) => tag !== '');
  return ok({ ...lists, expires: ends.value, languages: spoken, others, signed, faults });
}

function isUriField(name: string): name is keyof typeof uriFields {
  return Object.hasOwn(uriFields, name);
}

/** §2.5: every web address begins with https. */
function wrongWith(value: string) {
  if (!uriPattern.test(value)) return { code: 'not-a-uri', text: 'expected a URI' } as const;
  const scheme = /^[^:]+/.exec(value)?.[0].toLowerCase();
  if (scheme !== 'http') return null;
  return { code: 'not-secure', text: 'web addresses begin with https (§2.5)' } as const;
}

/** §2.5.5: exactly one, as RFC 3339 writes it. */
function expiryOf(
  values: readonly string[],
): Result<Instant, 'expires-missing' | 'expires-malformed' | 'expires-twice'> {
  const [value] = values;
  if (value === undefined) return no('expires-missing', 'a field Expires (§2.5.5)', 'none');
  if (values.length > 1) return no('expires-twice', 'one field Expires', `${values.length}`);
  const at = parseInstant(value.toUpperCase());
  if (at !== null) return ok(at);
  return no('expires-malformed', 'an hour as RFC 3339 writes it', value.slice(0, 100));
}

function fault(line: number, code: SecurityTxtFault['code'], text: string): SecurityTxtFault {
  return { line, code, text };
}

function no<C extends SecurityTxtCode>(code: C, expected: string, got: string) {
  return refuse({ code, expected, got, todo: 'ask its owner to correct it; RFC 9116 says how' });
}
