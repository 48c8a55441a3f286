import { entryBytes } from '@breakwater/log';

/** The commitments that are stored one after the other. */
export function commitmentsIn(bytes: Uint8Array): readonly Uint8Array[] {
  return Array.from(
    { length: bytes.length / entryBytes },
    (_, i) => new Uint8Array(bytes.subarray(i * entryBytes, (i + 1) * entryBytes)),
  );
}
