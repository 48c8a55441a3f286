import type { Json, Result } from '@breakwater/kernel';
import { bytesToHex, toBase64, utf8 } from '@breakwater/kernel';
import type { Disclosure, SignedCheckpoint, VerifierKey } from '@breakwater/log';
import {
  checkInclusion,
  commit,
  leafHash,
  openCheckpoint,
  parseDisclosure,
  parseVerifierKey,
} from '@breakwater/log';

/** One step of a check, told in plain words. */
export interface CheckStep {
  readonly title: string;
  readonly state: 'holds' | 'fails' | 'not-reached' | 'cannot-tell';
  /** What was found; for a failure: expected, came, to do. */
  readonly words: string;
}

export interface Check {
  /** Every step that was asked for holds. */
  readonly holds: boolean;
  readonly steps: readonly CheckStep[];
  /** What the entry says: present as soon as it could be read, whether or not it holds. */
  readonly content: Json | undefined;
  readonly checkpoint: SignedCheckpoint | null;
}

export interface CheckInput {
  /** The bytes of a disclosure file. */
  readonly disclosure: Uint8Array;
  /** The log's verifier key, `<name>+<id>+<base64>`. */
  readonly key: string;
  /** A checkpoint kept from an earlier look, as text. */
  readonly saved?: string;
}

const titles = [
  'The disclosure can be read',
  'The key is a log’s verification key',
  'The checkpoint is signed by that key',
  'The entry is in the log the checkpoint signs',
] as const;
const savedTitle = 'The log agrees with your saved checkpoint';

/** Checks one disclosed entry, offline, and says of each step whether it holds. Pure. */
export function checkSteps(input: CheckInput): Check {
  const steps: CheckStep[] = [];
  const wanted = [...titles, ...(input.saved === undefined ? [] : [savedTitle])];
  const end = (content?: Json, checkpoint: SignedCheckpoint | null = null): Check => ({
    holds: steps.length === wanted.length && steps.every((step) => step.state === 'holds'),
    steps: wanted.map((title, at) => steps[at] ?? notReached(title)),
    content,
    checkpoint,
  });

  const disclosure = parseDisclosure(input.disclosure);
  steps.push(stepOf(titles[0], disclosure, (value) => `It claims to be log entry ${value.index}.`));
  if (!disclosure.ok) return end();
  const { content } = disclosure.value;

  const key = parseVerifierKey(input.key.trim());
  steps.push(stepOf(titles[1], key, (value) => `${value.name}, key id ${value.id}.`));
  if (!key.ok) return end(content);

  const checkpoint = openCheckpoint(disclosure.value.checkpoint, [key.value]);
  steps.push(stepOf(titles[2], checkpoint, signedWords));
  if (!checkpoint.ok) return end(content);

  steps.push(entryStep(disclosure.value, checkpoint.value));
  if (input.saved !== undefined) steps.push(savedStep(input.saved, checkpoint.value, key.value));
  return end(content, checkpoint.value);
}

function signedWords({ origin, size, root }: SignedCheckpoint): string {
  return `${origin} signs ${size} entries with root ${toBase64(root)}.`;
}

function entryStep(disclosure: Disclosure, { size, root }: SignedCheckpoint): CheckStep {
  const { salt, content, index, proof } = disclosure;
  const entry = commit(salt, content);
  const hex = bytesToHex(entry);
  const title = titles[3];
  if (checkInclusion({ leaf: leafHash(entry), index, size, proof, root })) {
    const words =
      `Salt and content make the commitment ${hex}; ` +
      `${proof.length} hashes lead from place ${index} to the signed root.`;
    return { title, state: 'holds', words };
  }
  const words =
    `Expected content, salt and proof that lead from place ${index} to the signed root of ` +
    `${size} entries. They make the commitment ${hex}, which does not lead there: something in ` +
    'them was changed. Do not rely on this content; ask for the disclosure again.';
  return { title, state: 'fails', words };
}

function savedStep(saved: string, now: SignedCheckpoint, key: VerifierKey): CheckStep {
  const title = savedTitle;
  const before = openCheckpoint(utf8(`${saved.trim()}\n`), [key]);
  if (!before.ok) return stepOf(title, before, () => '');
  const { size, root, origin } = before.value;
  if (origin !== now.origin) {
    const words = `Expected a checkpoint of ${now.origin}; the saved one is of ${origin}.`;
    return { title, state: 'fails', words };
  }
  if (size !== now.size) {
    const words =
      `The saved one has ${size} entries, this one ${now.size}. Whether the longer log begins ` +
      'with the shorter one cannot be told from one entry: run “breakwater log check <address> ' +
      '--since <saved checkpoint>”.';
    return { title, state: 'cannot-tell', words };
  }
  if (toBase64(root) === toBase64(now.root)) {
    return { title, state: 'holds', words: `Both have ${size} entries and the same root.` };
  }
  const words =
    `The log signed two different states of ${size} entries: its history was forked. ` +
    'Keep both checkpoints; together they prove it.';
  return { title, state: 'fails', words };
}

function stepOf<T>(title: string, result: Result<T>, words: (value: T) => string): CheckStep {
  if (result.ok) return { title, state: 'holds', words: words(result.value) };
  const { expected, got, todo } = result.refusal;
  return { title, state: 'fails', words: `Expected ${expected}. Came: ${got}. To do: ${todo}.` };
}

function notReached(title: string): CheckStep {
  return { title, state: 'not-reached', words: 'Not reached: an earlier step does not hold.' };
}

/** What became of a step, in words. */
export const stateWords = {
  holds: 'Holds',
  fails: 'Fails',
  'not-reached': 'Not reached',
  'cannot-tell': 'Cannot tell',
} as const;

/** The words of the outcome as a whole. */
export function outcomeWords(check: Check): string {
  if (check.holds) return 'The proof holds';
  const told = check.steps.some((step) => step.state === 'fails');
  return told ? 'The proof does not hold' : 'The entry holds; one step cannot be told from here';
}
