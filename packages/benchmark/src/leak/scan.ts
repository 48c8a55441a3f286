import { ok, type Result, refuse } from '@breakwater/kernel';
import { type Automaton, createAutomaton } from './automaton.ts';
import { type Encoding, type Form, folded, formLengthMin, formsOf, readings } from './forms.ts';

/** What a transcript is searched for. */
export interface Secret {
  readonly kind: 'canary' | 'answer';
  readonly text: string;
}

/**
 * One part of a transcript, in its order. `task`: what the task shows to everybody who works on
 * it, its prompt and files; `world`: what a tool gave; `model`: what the model wrote, the
 * arguments of its calls among it.
 */
export interface Piece {
  readonly by: 'task' | 'world' | 'model';
  readonly text: string;
}

/**
 * A secret where it should not be. `known`: the model wrote what nothing had shown it before;
 * `in-world`: a tool gave a canary, so that a file of the suite lies where the model can read it.
 * Tells the secret by its number, never by its text.
 */
export interface Leak {
  readonly secret: number;
  readonly kind: Secret['kind'];
  readonly why: 'known' | 'in-world';
  /** Number of the piece, from 0. */
  readonly piece: number;
  readonly encoding: Encoding;
}

/** What one scan takes at most. */
export const scanLimits = { secretsMax: 64, secretLengthMax: 1000, pieceLengthMax: 268_435_456 };

/** A scan of one transcript, which is given to it piece by piece, in order. */
export interface LeakScan {
  /** Numbers of secrets too short to tell from chance; they are not looked for. */
  readonly tooShort: readonly number[];
  /** The leaks of the next piece; of each secret only the first of each kind is told. */
  readonly take: (piece: Piece) => Result<readonly Leak[], 'piece-too-long'>;
}

export type ScanCode = 'too-many-secrets' | 'secret-too-long';

/**
 * Starts a scan for secrets as they are, in other case, split by white space, reversed, in hex,
 * URL-escaped and in base64 at every alignment. Takes time linear in the transcript. Does not see
 * encodings of encodings, ciphers, or a secret spread over pieces.
 */
export function startLeakScan(secrets: readonly Secret[]): Result<LeakScan, ScanCode> {
  if (secrets.length > scanLimits.secretsMax) return no('too-many-secrets', secrets.length);
  const longest = Math.max(0, ...secrets.map(({ text }) => text.length));
  if (longest > scanLimits.secretLengthMax) return no('secret-too-long', longest);
  const isShort = secrets.map(({ text }) => folded(text).length < formLengthMin);
  const looked = secrets.map(lookedFor);
  const searches = searchesFor(looked.map((text, at) => (isShort[at] === true ? null : text)));
  const shown = new Set<number>();
  const told = new Set<string>();
  let pieces = 0;
  const take = ({ by, text }: Piece): Result<readonly Leak[], 'piece-too-long'> => {
    if (text.length > scanLimits.pieceLengthMax) return no('piece-too-long', text.length);
    const piece = pieces;
    pieces += 1;
    const leaks: Leak[] = [];
    for (const [secret, encoding] of findAll(searches, text)) {
      const kind = secrets[secret]?.kind ?? 'answer';
      const why = whyOf(by, kind);
      const isNews = !shown.has(secret) && why !== null && !told.has(`${why} ${secret}`);
      if (isNews) {
        told.add(`${why} ${secret}`);
        const exact = encoding === 'folded' && text.includes(looked[secret] ?? '');
        leaks.push({ secret, kind, why, piece, encoding: exact ? 'plain' : encoding });
      }
      if (by !== 'model') shown.add(secret);
    }
    return ok(leaks);
  };
  return ok({ take, tooShort: [...isShort.keys()].filter((at) => isShort[at] === true) });
}

/** The random part of a canary: whoever read the line may leave its words away. */
function lookedFor({ kind, text }: Secret): string {
  return kind === 'canary' ? (text.split(' ').at(-1) ?? text) : text;
}

/** What a tool gave is what solving a task is about, unless it is the canary. */
function whyOf(by: Piece['by'], kind: Secret['kind']): Leak['why'] | null {
  if (by === 'model') return 'known';
  return by === 'world' && kind === 'canary' ? 'in-world' : null;
}

interface Search {
  readonly of: (text: string) => string;
  readonly automaton: Automaton;
  /** What each text of the automaton is: the plainest first. */
  readonly forms: readonly (Form & { readonly secret: number })[];
}

function searchesFor(texts: readonly (string | null)[]): readonly Search[] {
  const all = texts.flatMap((text, at) =>
    text === null ? [] : formsOf(text).map((form) => ({ ...form, secret: at })),
  );
  return readings.map(({ encodings, of }) => {
    const forms = encodings.flatMap((each) => all.filter(({ encoding }) => encoding === each));
    return { of, forms, automaton: createAutomaton(forms.map(({ text }) => text)) };
  });
}

// Unicode's form NFKC can make eighteen characters of one: a long text is read in blocks, which
// overlap by more than any secret takes unless it is split by thousands of spaces.
const blockLength = 1_048_576;
const overlapLength = 32_768;

/** Each secret found, with the plainest encoding it was found in. */
function findAll(searches: readonly Search[], text: string): ReadonlyMap<number, Form['encoding']> {
  const found = new Map<number, Form['encoding']>();
  for (const { of, automaton, forms } of searches) {
    const numbers = new Set<number>();
    for (let from = 0; from < text.length; from += blockLength) {
      automaton.find(of(text.slice(from, from + blockLength + overlapLength)), numbers);
    }
    for (const [number, { secret, encoding }] of forms.entries()) {
      if (numbers.has(number) && !found.has(secret)) found.set(secret, encoding);
    }
  }
  return found;
}

const bounds: Readonly<Record<ScanCode | 'piece-too-long', string>> = {
  'too-many-secrets': `at most ${scanLimits.secretsMax} secrets`,
  'secret-too-long': `secrets of at most ${scanLimits.secretLengthMax} characters`,
  'piece-too-long': `pieces of at most ${scanLimits.pieceLengthMax} characters`,
};

function no<C extends keyof typeof bounds>(code: C, got: number) {
  return refuse({ code, expected: bounds[code], got: String(got), todo: 'scan in smaller parts' });
}
