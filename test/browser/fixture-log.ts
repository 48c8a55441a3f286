import { generateKeyPairSync, sign } from 'node:crypto';
import { record } from '@breakwater/contract';
import type { Json } from '@breakwater/kernel';
import { fromBase64, utf8 } from '@breakwater/kernel';
import type { HashReader, NoteSigner } from '@breakwater/log';
import {
  commit,
  createMemoryTree,
  formatDisclosure,
  formatVerifierKey,
  inclusionProof,
  leafHash,
  signCheckpoint,
  verifierKey,
} from '@breakwater/log';

const origin = 'breakwater.example/log';
/** Entries of others before ours: the proof has hashes to climb. */
const before = 1_037;

/** A true log in memory: real commitments, tree, checkpoint and key. */
export interface FixtureLog {
  readonly signer: NoteSigner;
  readonly vkey: string;
  readonly checkpoint: string;
  readonly read: HashReader;
  /** The log index of content number `number`. */
  readonly indexOf: (number: number) => number;
  /** The disclosure file of content number `number`, parsed by the contract. */
  readonly disclose: (number: number) => Promise<string>;
}

/** A new log key, and how it signs. */
export function createSigner(): NoteSigner {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const raw = fromBase64(publicKey.export({ format: 'der', type: 'spki' }).toString('base64'));
  if (raw === null) throw new Error('expected a public key');
  return {
    key: verifierKey(origin, raw.slice(-32)), // SPKI of Ed25519 ends with the 32 bytes
    sign: (message) => new Uint8Array(sign(null, message, privateKey)),
  };
}

/** Puts `contents` into a log among others' entries and signs its checkpoint. */
export async function createFixtureLog(
  contents: readonly Json[],
  signer: NoteSigner = createSigner(),
): Promise<FixtureLog> {
  const salts = contents.map((_, at) => new Uint8Array(32).fill(at + 1));
  const tree = createMemoryTree();
  const salt = (at: number): Uint8Array => salts[at] ?? new Uint8Array(32);
  for (let at = 0; at < before; at += 1) tree.append(leafHash(utf8(`other ${at}`)));
  for (const [at, content] of contents.entries()) {
    tree.append(leafHash(commit(salt(at), content)));
  }
  const state = { origin, size: tree.size(), root: tree.root(), extensions: [] };
  const checkpoint = await signCheckpoint(state, [signer]);
  return {
    signer,
    vkey: formatVerifierKey(signer.key),
    checkpoint,
    read: tree.read,
    indexOf: (number) => before + number,
    async disclose(number) {
      const index = before + number;
      const proof = await inclusionProof({ index, size: tree.size(), read: tree.read });
      if (!proof.ok) throw new Error(`no proof for ${index}`);
      const file = formatDisclosure({
        salt: salt(number),
        content: contents[number] ?? null,
        index,
        proof: proof.value,
        checkpoint: utf8(checkpoint),
      });
      record.disclose.output.parse(JSON.parse(file));
      return file;
    },
  };
}
