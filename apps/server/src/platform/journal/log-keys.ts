import { formatVerifierKey, type NoteSigner, type VerifierKey, verifierKey } from '@breakwater/log';
import type { Signer } from '../signer/signer.ts';

/** Every key that ever signed this log, oldest first. */
export function logVerifierKeys(signer: Signer, origin: string): readonly VerifierKey[] {
  return signer.publicKeys('log').map((key) => verifierKey(origin, key.raw));
}

/** The verifier keys as text, one a line: what a checker is given. */
export function logKeysText(signer: Signer, origin: string): string {
  return logVerifierKeys(signer, origin)
    .map((key) => `${formatVerifierKey(key)}\n`)
    .join('');
}

/**
 * Who signs a checkpoint: the current key and, after a rotation, the one before it, so that a
 * reader who knows only the old key can follow.
 */
export function logSigners(signer: Signer, origin: string): readonly NoteSigner[] {
  return signer
    .publicKeys('log')
    .slice(-2)
    .map((key) => ({
      key: verifierKey(origin, key.raw),
      sign: (message) => signer.sign('log', message, key.id),
    }));
}
