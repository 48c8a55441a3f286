import type { Refusal } from '@breakwater/kernel';
import type { SignedCheckpoint } from './checkpoint.ts';
import { openCheckpoint } from './checkpoint.ts';
import type { Disclosure } from './entry.ts';
import { checkDisclosure, parseDisclosure } from './entry.ts';
import type { VerifierKey } from './note.ts';
import { parseVerifierKey } from './note.ts';
import type { FetchFile } from './tile.ts';
import { tileWidth } from './tile.ts';
import { emptyFrontier, emptyRoot, equalBytes, extendFrontier, foldSubtrees } from './tree.ts';
import type { FileFault, LeafTile } from './walk.ts';
import { walkLog } from './walk.ts';

/**
 * What a check can find. `history-unproven`: damage elsewhere keeps the step since the saved
 * checkpoint from being judged. `other-log`: the saved checkpoint is of another log.
 */
export type FindingCode =
  | 'checkpoint-missing'
  | 'checkpoint-signature'
  | 'checkpoint-rolled-back'
  | 'history-forked'
  | 'history-unproven'
  | 'other-log'
  | FileFault['code'];

/** One thing that is wrong, and where. */
export interface Finding {
  readonly code: FindingCode;
  /** Path in the log; `since`, `key` or `disclosure` for what the caller gave. */
  readonly file: string;
  /** The number of the first leaf or hash to blame, where one can be named. */
  readonly at?: number;
  readonly message: string;
}

/** The outcome of a check: it holds when `findings` is empty. */
export interface CheckReport {
  readonly holds: boolean;
  readonly findings: readonly Finding[];
  /** Whether the check ended early because of too many findings. */
  readonly stopped: boolean;
  /** The checkpoint that was checked; null where none is signed by a given key. */
  readonly checkpoint: SignedCheckpoint | null;
  /** How many leaves were read and proven to be under the signed root. */
  readonly entriesProven: number;
}

/** A check ends after so many findings: a hostile log must not keep a checker busy for ever. */
export const findingsMax = 100;

/**
 * Checks a whole log: its checkpoint is signed by one of `vkeys`, every entry and tile up to its
 * size leads to its root, and the tree of the checkpoint `since` (a signed note saved earlier) is
 * a prefix of it. Reads each file once, in bounded memory; throws only what `fetchFile` throws.
 */
export async function checkLog(options: {
  readonly fetchFile: FetchFile;
  /** Verifier keys in text form: the log's, and those of witnesses. */
  readonly vkeys: readonly string[];
  readonly since?: Uint8Array;
  /** Every entry must have this length; Breakwater's own are 32 (`entryBytes`). */
  readonly entryBytes?: number;
  readonly onProgress?: (progress: { readonly entries: number; readonly of: number }) => void;
}): Promise<CheckReport> {
  const findings: Finding[] = [];
  const keys = parseKeys(options.vkeys, findings);
  const checkpoint = await readCheckpoint(options.fetchFile, keys, findings);
  if (checkpoint === null) return report(findings, null, 0);
  const { size, root } = checkpoint;
  const since = readSince(options.since, { keys, checkpoint, findings });
  const history = createHistory(since?.size ?? 0);
  let entriesProven = 0;
  let entries = 0;
  await walkLog({
    size,
    root,
    fetchFile: options.fetchFile,
    ...(options.entryBytes === undefined ? {} : { entryBytes: options.entryBytes }),
    fault: (fault) => void findings.push(fault),
    leaves: (tile) => {
      history.add(tile);
      entries += tile.hashes.length;
      if (tile.proven) entriesProven += tile.hashes.length;
      options.onProgress?.({ entries, of: size });
    },
    stop: () => findings.length >= findingsMax,
  });
  const exact = equalBytes(history.root(), root);
  if (!exact && findings.length === 0) {
    throw new Error('a log without faults did not hash to its root: a defect in this checker');
  }
  if (since !== null) judgeHistory(since, { oldRoot: history.oldRoot(), exact, findings, size });
  return report(findings, checkpoint, entriesProven);
}

/** Checks one disclosed entry offline; `disclosure` is a parsed one or the bytes of its file. */
export function checkEntry(
  disclosure: Disclosure | Uint8Array,
  vkeys: readonly string[],
): CheckReport {
  const findings: Finding[] = [];
  const keys = parseKeys(vkeys, findings);
  const parsed =
    disclosure instanceof Uint8Array
      ? parseDisclosure(disclosure)
      : ({ ok: true, value: disclosure } as const);
  const checked = parsed.ok ? checkDisclosure(parsed.value, keys) : parsed;
  if (checked.ok) return report(findings, checked.value, 1);
  findings.push(findingOf('disclosure', checked.refusal));
  return report(findings, null, 0);
}

function parseKeys(vkeys: readonly string[], findings: Finding[]): VerifierKey[] {
  return vkeys.flatMap((vkey) => {
    const key = parseVerifierKey(vkey);
    if (key.ok) return [key.value];
    findings.push(findingOf('key', key.refusal));
    return [];
  });
}

async function readCheckpoint(
  fetchFile: FetchFile,
  keys: readonly VerifierKey[],
  findings: Finding[],
): Promise<SignedCheckpoint | null> {
  const file = 'checkpoint';
  const bytes = await fetchFile(file);
  if (bytes === null) {
    const message = 'expected a file checkpoint, got none: is this the address of a log?';
    findings.push({ code: 'checkpoint-missing', file, message });
    return null;
  }
  const checkpoint = openCheckpoint(bytes, keys);
  if (checkpoint.ok) return checkpoint.value;
  findings.push(findingOf(file, checkpoint.refusal));
  return null;
}

/** The saved checkpoint where its tree is yet to be looked for in the log; else null. */
function readSince(
  bytes: Uint8Array | undefined,
  now: { keys: readonly VerifierKey[]; checkpoint: SignedCheckpoint; findings: Finding[] },
): SignedCheckpoint | null {
  if (bytes === undefined) return null;
  const since = openCheckpoint(bytes, now.keys);
  if (!since.ok) {
    now.findings.push(findingOf('since', since.refusal));
    return null;
  }
  const { origin, size } = since.value;
  if (origin !== now.checkpoint.origin) {
    const message = `expected a checkpoint of ${now.checkpoint.origin}, got one of ${origin}`;
    now.findings.push({ code: 'other-log', file: 'since', message });
    return null;
  }
  if (size > now.checkpoint.size) {
    const message =
      `the log signed size ${size} before and now shows ${now.checkpoint.size}: entries were ` +
      'taken back; keep both checkpoints, together they prove it';
    now.findings.push({ code: 'checkpoint-rolled-back', file: 'checkpoint', message });
    return null;
  }
  return since.value;
}

function judgeHistory(
  since: SignedCheckpoint,
  now: { oldRoot: Uint8Array | null; exact: boolean; findings: Finding[]; size: number },
): void {
  const same = now.oldRoot !== null && equalBytes(now.oldRoot, since.root);
  if (same) return;
  const file = 'checkpoint';
  // At one size the two signed roots alone tell; otherwise the tree between them must be whole.
  if (now.exact) {
    const message =
      `the log signed another tree of size ${since.size} before than the one now inside its ` +
      `${now.size} entries; keep both checkpoints, together they prove it`;
    now.findings.push({ code: 'history-forked', file, message });
  } else {
    const message = `damage named above keeps the step since size ${since.size} from being judged`;
    now.findings.push({ code: 'history-unproven', file, message });
  }
}

/** Recomputes the root of all leaves, and the root as it was at `oldSize`, in one pass. */
function createHistory(oldSize: number) {
  let tiles = emptyFrontier;
  let tail: readonly Uint8Array[] = [];
  let oldRoot: Uint8Array | null = oldSize === 0 ? emptyRoot : null;
  const rootWith = (leaves: readonly Uint8Array[]) =>
    foldSubtrees([...tiles.hashes, ...extendFrontier(emptyFrontier, leaves).hashes]);
  return {
    add: ({ hashes: leaves, root }: LeafTile) => {
      const start = tiles.size * tileWidth;
      if (oldSize > start && oldSize <= start + leaves.length) {
        oldRoot = rootWith(leaves.slice(0, oldSize - start));
      }
      if (leaves.length === tileWidth) tiles = extendFrontier(tiles, [root]);
      else tail = leaves;
    },
    root: () => rootWith(tail),
    oldRoot: () => oldRoot,
  };
}

function findingOf(file: string, refusal: Refusal<FindingCode>): Finding {
  const { code, expected, got, todo } = refusal;
  return { code, file, message: `expected ${expected}, got ${got}; ${todo}` };
}

function report(
  findings: readonly Finding[],
  checkpoint: SignedCheckpoint | null,
  entriesProven: number,
): CheckReport {
  const stopped = findings.length >= findingsMax;
  return { holds: findings.length === 0, findings, stopped, checkpoint, entriesProven };
}
