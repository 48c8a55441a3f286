import type { Result } from '@breakwater/kernel';
import { fromBase64, ok, refuse, toBase64 } from '@breakwater/kernel';
import type { NoteSigner, NoteWitness, VerifierKey } from './note.ts';
import { openNote, signatureTypes, signNote } from './note.ts';
import { hashBytes } from './tree.ts';

/** The state of a log at one size (C2SP tlog-checkpoint, "Note text"). */
export interface Checkpoint {
  /** Which log: a URL without scheme, and the name of the key that signs. */
  readonly origin: string;
  readonly size: number;
  /** 32 bytes: the root of the tree of `size` leaves. */
  readonly root: Uint8Array;
  readonly extensions: readonly string[];
}

/** A checkpoint that a known key signed, and by whom. */
export interface SignedCheckpoint extends Checkpoint {
  readonly signedBy: readonly NoteWitness[];
}

/** Why a checkpoint is not accepted. `checkpoint-signature`: wrong, missing, or not the log's. */
export type CheckpointCode = 'malformed' | 'checkpoint-signature';

/** The text of a checkpoint, as it is signed. */
export function formatCheckpoint({ origin, size, root, extensions }: Checkpoint): string {
  return `${[origin, size, toBase64(root), ...extensions].join('\n')}\n`;
}

/** Parses the text of a checkpoint; sizes beyond 2**53 - 1 are refused with the malformed. */
export function parseCheckpoint(text: string): Result<Checkpoint, 'malformed'> {
  const [origin, digits, encoded, ...rest] = text.split('\n');
  const last = rest.pop();
  const root = fromBase64(encoded ?? '');
  const size = /^(0|[1-9]\d{0,15})$/.test(digits ?? '') ? Number(digits) : Number.NaN;
  const shaped = origin !== undefined && origin !== '' && last === '' && !rest.includes('');
  if (shaped && Number.isSafeInteger(size) && root?.length === hashBytes) {
    return ok({ origin, size, root, extensions: rest });
  }
  return refuse({
    code: 'malformed',
    expected: 'a checkpoint: origin, decimal size, base64 of a 32-byte root, each on its line',
    got: JSON.stringify(text.slice(0, 200)),
    todo: 'fetch the checkpoint again, whole and unchanged',
  });
}

/**
 * The checkpoint in a signed note, accepted when a log key (type Ed25519) among `keys` that
 * bears the origin as its name signed it. Cosignatures by known witnesses are reported along.
 */
export function openCheckpoint(
  bytes: Uint8Array,
  keys: readonly VerifierKey[],
): Result<SignedCheckpoint, CheckpointCode> {
  const note = openNote(bytes, keys);
  if (!note.ok) {
    const { refusal } = note;
    if (refusal.code === 'malformed') return refuse({ ...refusal, code: 'malformed' });
    return refuse({ ...refusal, code: 'checkpoint-signature' });
  }
  const checkpoint = parseCheckpoint(note.value.text);
  if (!checkpoint.ok) return checkpoint;
  const { origin } = checkpoint.value;
  const { signedBy } = note.value;
  // A key of one log must not vouch for another whose key the same reader also trusts.
  if (signedBy.some(({ key }) => key.type === signatureTypes.ed25519 && key.name === origin)) {
    return ok({ ...checkpoint.value, signedBy });
  }
  return refuse({
    code: 'checkpoint-signature',
    expected: `a signature by the log ${origin} itself`,
    got: `signatures by ${signedBy.map(({ key }) => key.name).join(', ')} only`,
    todo: 'give the verifier key of this log',
  });
}

/** The signed note of a checkpoint; see {@link signNote} for what throws. */
export async function signCheckpoint(
  checkpoint: Checkpoint,
  signers: readonly NoteSigner[],
): Promise<string> {
  const text = formatCheckpoint(checkpoint);
  if (!parseCheckpoint(text).ok) throw new RangeError('a checkpoint that cannot be read back');
  return signNote(text, signers);
}
