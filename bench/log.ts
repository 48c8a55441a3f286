import { generateKeyPairSync, sign } from 'node:crypto';
import { sha256 } from '@breakwater/kernel';
import type { HashReader } from '@breakwater/log';
import {
  appendEntries,
  checkConsistency,
  checkInclusion,
  checkLog,
  consistencyProof,
  createMemoryTree,
  edgeRoot,
  emptyEdge,
  formatVerifierKey,
  inclusionProof,
  leafHash,
  signCheckpoint,
  tileReader,
  verifierKey,
} from '@breakwater/log';
import type { BenchOptions, Row } from './row.ts';

/**
 * The log in memory: appends beside the bare hashes they are made of, proofs made and checked from
 * tiles, and a whole check. No disk: durable appends are the sequencer's figure.
 */
export async function run({ short }: BenchOptions): Promise<Row[]> {
  const count = short ? 20_000 : 1_000_000;
  const entries = Array.from({ length: count }, (_, i) => entryOf(i));

  // What RFC 6962 asks of any log for one entry: a leaf of 33 bytes and a node of 65.
  const [leafInput, nodeInput] = [new Uint8Array(33), new Uint8Array(65)];
  const limitMs = timed(() => {
    for (let i = 0; i < count; i += 1) {
      leafInput[1] = i;
      nodeInput[1] = i;
      sha256(leafInput);
      sha256(nodeInput);
    }
  });

  const files = new Map<string, Uint8Array>();
  let edge = emptyEdge;
  const batch = 256;
  const appendMs = timed(() => {
    for (let at = 0; at < count; at += batch) {
      const appended = appendEntries(edge, entries.slice(at, at + batch));
      for (const file of appended.files) files.set(file.path, file.bytes);
      edge = appended.edge;
      edgeRoot(edge);
    }
  });

  const fetchFile = (path: string) => Promise.resolve(files.get(path) ?? null);
  const root = edgeRoot(edge);
  const read = tileReader(count, fetchFile);
  const inclusionUs = await inclusion({ count, root, read, entries, rounds: short ? 50 : 1000 });
  const consistencyUs = await consistency({ count, root, read, entries, short });

  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const raw = new Uint8Array(publicKey.export({ type: 'spki', format: 'der' }).subarray(-32));
  const key = verifierKey('log.example/bench', raw);
  const signer = { key, sign: (message: Uint8Array) => sign(null, message, privateKey) };
  const head = { origin: key.name, size: count, root, extensions: [] };
  const note = await signCheckpoint(head, [signer]);
  files.set('checkpoint', new TextEncoder().encode(note));
  const started = performance.now();
  const report = await checkLog({ fetchFile, vkeys: [formatVerifierKey(key)] });
  const checkMs = performance.now() - started;
  if (!report.holds) throw new Error(`the log does not hold: ${report.findings[0]?.message}`);

  const limit = (count / limitMs) * 1000;
  const appends = (count / appendMs) * 1000;
  return [
    { name: 'a leaf and a node hashed, bare', value: limit, unit: '/s' },
    {
      name: `appended in batches of ${batch}, with tiles and roots`,
      value: appends,
      unit: '/s',
      limit: { name: 'bare hashes', value: limit },
      ratio: appends / limit,
    },
    { name: 'inclusion proof made from tiles and checked, mean', value: inclusionUs, unit: 'us' },
    { name: 'consistency proof made and checked, mean', value: consistencyUs, unit: 'us' },
    { name: 'whole log checked', value: (count / checkMs) * 1000, unit: 'entries/s' },
  ];
}

interface Setting {
  readonly count: number;
  readonly root: Uint8Array;
  readonly read: HashReader;
  readonly entries: readonly Uint8Array[];
}

async function inclusion({ count, root, read, entries, rounds }: Setting & { rounds: number }) {
  const started = performance.now();
  for (let round = 0; round < rounds; round += 1) {
    const index = (round * 7919) % count;
    const proof = await inclusionProof({ index, size: count, read });
    const leaf = leafHash(entries[index] ?? entryOf(index));
    if (!proof.ok || !checkInclusion({ leaf, index, size: count, proof: proof.value, root })) {
      throw new Error(`no proof of entry ${index}`);
    }
  }
  return ((performance.now() - started) * 1000) / rounds;
}

async function consistency({ count, root, read, entries, short }: Setting & { short: boolean }) {
  const rounds = short ? 20 : 200;
  const tree = createMemoryTree();
  const olds: { oldSize: number; oldRoot: Uint8Array }[] = [];
  for (const entry of entries) {
    tree.append(leafHash(entry));
    if (tree.size() % Math.floor(count / rounds) === 1) {
      olds.push({ oldSize: tree.size(), oldRoot: tree.root() });
    }
  }
  const started = performance.now();
  for (const old of olds) {
    const proof = await consistencyProof({ oldSize: old.oldSize, size: count, read });
    if (!proof.ok || !checkConsistency({ ...old, size: count, root, proof: proof.value })) {
      throw new Error(`no proof from size ${old.oldSize}`);
    }
  }
  return ((performance.now() - started) * 1000) / olds.length;
}

function entryOf(index: number): Uint8Array {
  const entry = new Uint8Array(32);
  new DataView(entry.buffer).setUint32(0, index);
  return entry;
}

function timed(work: () => void): number {
  const started = performance.now();
  work();
  return performance.now() - started;
}
