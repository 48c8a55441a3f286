import { bytesToHex, ok, type Result, refuse, sha256, utf8 } from '@breakwater/kernel';
import { type NoteSigner, openNote, parseNote, signNote, type VerifierKey } from '@breakwater/log';

/** What leaves a system apart about a model: nothing else has a place in a bundle. */
export interface Outcome {
  /** The commitment of the engagement: 64 hexadecimal digits. */
  readonly engagement: string;
  readonly outcome: 'covered' | 'not-covered' | 'withdrawn';
  /** YYYY-MM-DD */
  readonly date: string;
  /** Such as NSA-2026-0117. */
  readonly reference: string;
  /** The day on which each office was consulted. */
  readonly consulted: Readonly<Record<(typeof offices)[number], string>>;
}

/** A bundle whose signature holds. */
export interface OpenedBundle extends Outcome {
  /** Id of the key that signed: 8 hexadecimal digits. */
  readonly key: string;
  /** SHA-256 over what was signed, as `sha256:` and hexadecimal: by it a replay is known. */
  readonly digest: string;
}

export const bundleBytesMax = 4_096;

/** The name under which bundles are signed, everywhere the same: it tells nothing of who signs. */
export const bundleKeyName = 'breakwater-outcome';

const offices = ['ncd', 'apst', 'cisa-director'] as const;
const first = 'breakwater outcome bundle v1';
const day = '20\\d\\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\\d|3[01])';

/** Each line in its place, so that one outcome has one form and no room for anything more. */
const form = new RegExp(
  [
    `^${first}`,
    'engagement (?<engagement>[0-9a-f]{64})',
    'outcome (?<outcome>covered|not-covered|withdrawn)',
    `date (?<date>${day})`,
    'reference (?<reference>[A-Z]{2,5}-20\\d\\d-\\d{1,6})',
    `consulted ncd (?<ncd>${day})`,
    `consulted apst (?<apst>${day})`,
    `consulted cisa-director (?<cisa>${day})`,
    'key (?<key>[0-9a-f]{8})\n$',
  ].join('\n'),
);

/** Signs an outcome. Throws where a field has not the form that a bundle has room for. */
export async function writeBundle(outcome: Outcome, signer: NoteSigner): Promise<string> {
  const { consulted } = outcome;
  const text = [
    first,
    `engagement ${outcome.engagement}`,
    `outcome ${outcome.outcome}`,
    `date ${outcome.date}`,
    `reference ${outcome.reference}`,
    ...offices.map((office) => `consulted ${office} ${consulted[office]}`),
    `key ${signer.key.id}\n`,
  ].join('\n');
  if (!form.test(text)) throw new RangeError('expected an outcome in the form of a bundle');
  return await signNote(text, [signer]);
}

/**
 * Opens a bundle that was carried here: its text has exactly the lines of a bundle, and it bears one
 * signature, by one of `keys`.
 */
export function openBundle(
  note: string,
  keys: readonly VerifierKey[],
): Result<OpenedBundle, 'bundle-malformed' | 'signature-not-ours'> {
  const bytes = utf8(note);
  if (bytes.length > bundleBytesMax) return malformed(`${bytes.length} bytes`);
  const parsed = parseNote(bytes);
  if (!parsed.ok) return malformed(parsed.refusal.got);
  const { text, signatures } = parsed.value;
  if (signatures.length !== 1) return malformed(`${signatures.length} signatures`);
  const fields = form.exec(text)?.groups;
  if (fields === undefined) return malformed('other lines');
  const opened = openNote(bytes, keys);
  if (!opened.ok || fields['key'] !== signatures[0]?.id) {
    return refuse({
      code: 'signature-not-ours',
      expected: 'a signature that holds, by a key that the administrator configured',
      got: 'another, or none',
      todo: 'check the printed key of the system that signed it; take a bundle by no other',
      pointer: '/bundle',
    });
  }
  const { engagement = '', outcome, date = '', reference = '', key = '' } = fields;
  const word = (['covered', 'not-covered', 'withdrawn'] as const).find((each) => each === outcome);
  if (word === undefined) throw new Error('the form of a bundle names an unknown outcome');
  const consulted = {
    ncd: fields['ncd'] ?? '',
    apst: fields['apst'] ?? '',
    'cisa-director': fields['cisa'] ?? '',
  };
  if (![date, ...Object.values(consulted)].every(isDay)) return malformed('a day that never was');
  const digest = `sha256:${bytesToHex(sha256(utf8(text)))}`;
  return ok({ engagement, outcome: word, date, reference, consulted, key, digest });
}

/** Whether the calendar has a day that is written like one. */
function isDay(text: string): boolean {
  const at = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(at.valueOf()) && at.toISOString().startsWith(text);
}

/** Says nothing of what stands there: nothing of it may get further. */
function malformed(got: string) {
  return refuse({
    code: 'bundle-malformed',
    expected: 'the nine lines of an outcome bundle, an empty line, and one signature',
    got,
    todo: 'carry over the file as it was written; nothing else is taken in',
    pointer: '/bundle',
  });
}
