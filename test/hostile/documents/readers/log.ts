import { ok, type Result, refuse } from '@breakwater/kernel';
import {
  appendEntries,
  type CheckReport,
  checkEntry,
  checkLog,
  checkRequestProof,
  commit,
  edgeRoot,
  formatDisclosure,
  formatRequestProof,
  openCheckpoint,
  openNote,
  parseBundle,
  parseCheckpoint,
  parseDisclosure,
  parseNote,
  parseRequestProof,
  parseTile,
  parseTilePath,
  parseVerifierKey,
  readEdge,
  readEntry,
} from '@breakwater/log';
import { logOf, sign, vkey } from '../../../../packages/log/test/memory-log.ts';
import { proven } from '../../../../packages/log/test/proven-request.ts';
import { all, orNull, type Reader, textOf, vectors, written } from '../reader.ts';

const log = await logOf(300);
const files = [...log.files];
const file = (pattern: RegExp) => () =>
  files.filter(([path]) => pattern.test(path)).map(([, bytes]) => bytes);
const checkpoint = file(/^checkpoint$/);
const key = parseVerifierKey(vkey);
const keys = key.ok ? [key.value] : [];

/** Each file of the log after one byte that tells which it is. */
const numbered = () => files.map(([, bytes], at) => Uint8Array.of(at, ...bytes));

/** A log of which one file, told by the document's first byte, is the rest of it. */
function logWith(document: Uint8Array) {
  const changed = files[(document[0] ?? 0) % files.length]?.[0];
  return (path: string) =>
    Promise.resolve(path === changed ? document.subarray(1) : (log.files.get(path) ?? null));
}

function verdict(report: CheckReport): Result<unknown> {
  const finding = report.findings[0];
  return finding === undefined
    ? ok(report.entriesProven)
    : refuse({ code: 'faults', expected: 'none', got: JSON.stringify(finding), todo: 'see it' });
}

/** A disclosure that holds: the one entry of a log of its own. */
async function disclosed(): Promise<string> {
  const salt = new Uint8Array(32).fill(7);
  const content = { type: 'example', list: [1, 2, { a: null }], text: 'said' };
  const own = await logOf(0);
  const { edge } = appendEntries(own.edge, [commit(salt, content)]);
  await sign(own, 1, edgeRoot(edge));
  const checkpoint = own.files.get('checkpoint') ?? new Uint8Array();
  return formatDisclosure({ salt, content, index: 0, proof: [], checkpoint });
}

/** Signatures and trees cost a thousand times what shapes do. */
const slow = 0.1;

const size = log.edge.size;
const opened = openCheckpoint(log.files.get('checkpoint') ?? new Uint8Array(), keys);
const root = opened.ok ? opened.value.root : new Uint8Array(32);

export const logReaders: readonly Reader[] = [
  { reads: ['@breakwater/log#parseNote'], seeds: checkpoint, read: parseNote },
  {
    reads: ['@breakwater/log#openNote'],
    share: slow,
    seeds: checkpoint,
    read: (document) => openNote(document, keys),
  },
  {
    reads: ['@breakwater/log#openCheckpoint'],
    share: slow,
    seeds: checkpoint,
    read: (document) => openCheckpoint(document, keys),
  },
  {
    reads: ['@breakwater/log#parseCheckpoint'],
    seeds: written(`log.example/test\n300\n${'A'.repeat(43)}=\n`),
    read: (document) => parseCheckpoint(textOf(document)),
  },
  {
    reads: ['@breakwater/log#parseVerifierKey'],
    seeds: written(vkey),
    read: (document) => parseVerifierKey(textOf(document)),
  },
  { reads: ['@breakwater/log#parseTile'], seeds: file(/^tile\/\d/), read: parseTile },
  {
    reads: ['@breakwater/log#parseBundle'],
    seeds: all(file(/^tile\/entries/), vectors('packages/log/vectors/tessera/log/tile/entries')),
    read: parseBundle,
  },
  {
    reads: ['@breakwater/log#parseTilePath'],
    seeds: written('tile/0/x001/x234/067.p/1', 'tile/entries/000', 'tile/3/000.p/255'),
    read: (document) => orNull(parseTilePath(textOf(document))),
  },
  {
    reads: ['@breakwater/log#parseDisclosure', '@breakwater/log#checkEntry'],
    share: slow,
    seeds: written(await disclosed()),
    read: (document) => {
      const disclosure = parseDisclosure(document);
      return disclosure.ok ? verdict(checkEntry(disclosure.value, [vkey])) : disclosure;
    },
  },
  {
    reads: ['@breakwater/log#parseRequestProof', '@breakwater/log#checkRequestProof'],
    share: slow,
    seeds: written(formatRequestProof(await proven())),
    read: (document) => {
      const proof = parseRequestProof(document);
      return proof.ok ? checkRequestProof(proof.value, keys) : proof;
    },
  },
  {
    reads: ['@breakwater/log#checkLog'],
    share: slow / 4,
    seeds: numbered,
    read: async (document) =>
      verdict(await checkLog({ fetchFile: logWith(document), vkeys: [vkey], entryBytes: 32 })),
  },
  {
    reads: ['@breakwater/log#readEntry', '@breakwater/log#readEdge'],
    share: slow,
    seeds: numbered,
    read: async (document) => {
      const edge = await readEdge(size, root, logWith(document));
      return edge.ok ? readEntry(document.length % size, { size, root }, logWith(document)) : edge;
    },
  },
];
