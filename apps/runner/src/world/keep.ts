import { type Frame, unpack } from '../sandbox/frames.ts';
import type { BlobStore, BlobWriter } from './blobs.ts';
import type { Line } from './line.ts';
import {
  KEPT_PLACES,
  type LostProcess,
  type Manifest,
  type ManifestEntry,
  writePath,
} from './manifest.ts';
import { insideCode, no } from './refusals.ts';
import type { WorldLimits, WorldResult } from './world.ts';

const NAMED_MAX = 100;
const COMMAND_MAX = 200;
const AT_ONCE = 500;
/** The kernel's clock of changes is coarse: what changed so lately may change again unseen. */
const FRESH_SECONDS = 2;

/** What a file was when it was read last: a changed one has another inode, time or size. */
interface Known {
  readonly stamp: string;
  readonly size: number;
  readonly sha256: string;
}

interface Listed {
  readonly kind: string;
  readonly path: Buffer;
  readonly mode: number;
  readonly size: number;
  readonly stamp: string;
  readonly modifiedMs: number;
  readonly changed: number;
  readonly target: Buffer;
}

/** Keeps one world's files again and again; remembers what it read. */
export class Keeper {
  readonly #line: Pick<Line, 'ask' | 'ended'>;
  readonly #limits: WorldLimits;
  #known = new Map<string, Known>();

  constructor(line: Pick<Line, 'ask' | 'ended'>, limits: WorldLimits) {
    this.#line = line;
    this.#limits = limits;
  }

  /** In the caller's turn. What the store throws is thrown when the processes go on again. */
  async keep(store: BlobStore): Promise<WorldResult<Manifest>> {
    const listing = new Listing();
    const { entriesMax, diskBytes } = this.#limits;
    const bounds = [String(entriesMax), String(diskBytes * 2)];
    const listed = await this.#line.ask('K', [...bounds, ...KEPT_PLACES], {
      take: (frame) => listing.take(frame),
    });
    if (!listed.ok) return listed;
    const { verdict, fields } = listed.value;
    // refused, it has let the processes go on by itself
    if (verdict !== 'done') return no(insideCode(fields[0] ?? ''), fields[1] ?? verdict);
    let kept: WorldResult<Map<string, Known>>;
    try {
      kept = await this.#readChanged(listing.entries, Number(fields[0]), store);
    } finally {
      if (this.#line.ended === null) await this.#line.ask('u', []);
    }
    if (!kept.ok) return kept;
    // while the processes go on already
    await store.sync();
    return { ok: true, value: manifestOf(listing, kept.value) };
  }

  async #readChanged(
    entries: readonly Listed[],
    nowSeconds: number,
    store: BlobStore,
  ): Promise<WorldResult<Map<string, Known>>> {
    const found = new Map<string, Known>();
    const changed: Listed[] = [];
    for (const entry of entries) {
      if (entry.kind !== 'file') continue;
      const name = entry.path.toString('latin1');
      const known = this.#known.get(name);
      const same = known?.stamp === entry.stamp && known.size === entry.size;
      if (same && (await store.has(known.sha256))) found.set(name, known);
      else changed.push(entry);
    }
    for (let at = 0; at < changed.length; at += AT_ONCE) {
      const some = changed.slice(at, at + AT_ONCE);
      const read = await this.#read(some, store);
      if (!read.ok) return read;
      some.forEach((entry, index) => {
        const known = read.value[index];
        if (known !== undefined) found.set(entry.path.toString('latin1'), known);
      });
    }
    const settled = entries.filter(({ changed: at }) => at < nowSeconds - FRESH_SECONDS);
    this.#known = new Map();
    for (const { path } of settled) {
      const known = found.get(path.toString('latin1'));
      if (known !== undefined) this.#known.set(path.toString('latin1'), known);
    }
    return { ok: true, value: found };
  }

  async #read(entries: readonly Listed[], store: BlobStore): Promise<WorldResult<Known[]>> {
    const read: Known[] = [];
    let writer: BlobWriter | null = null;
    let size = 0;
    const take = async ({ kind, body }: Frame) => {
      writer ??= await store.write({ durable: false });
      if (kind === 'd') {
        size += body.length;
        await writer.add(body);
      }
      if (kind !== 'n') return;
      const sha256 = await writer.finish();
      read.push({ stamp: entries[read.length]?.stamp ?? '', size, sha256 });
      writer = null;
      size = 0;
    };
    const paths = entries.map(({ path }) => path);
    try {
      const answer = await this.#line.ask('g', paths, { take });
      if (!answer.ok) return answer;
      const { verdict, fields } = answer.value;
      if (verdict === 'done' && read.length === entries.length) return { ok: true, value: read };
      return no(insideCode(fields[0] ?? ''), fields[1] ?? verdict);
    } finally {
      await abandon(writer);
    }
  }
}

async function abandon(writer: BlobWriter | null): Promise<void> {
  await writer?.abandon();
}

/** What the first process inside lists. It is ours, and still nothing it says is relied on. */
class Listing {
  readonly entries: Listed[] = [];
  readonly skipped: { path: string; reason: string }[] = [];
  readonly background: LostProcess[] = [];

  take({ kind, body }: Frame): void {
    const items = unpack(Buffer.from(body)) ?? [];
    const [first, second, ...rest] = items;
    if (first === undefined || second === undefined) return;
    if (kind === 'S' && this.skipped.length < NAMED_MAX) {
      this.skipped.push({ path: writePath(first), reason: writePath(second).slice(0, NAMED_MAX) });
    }
    if (kind === 'B' && this.background.length < NAMED_MAX) {
      const of = first.toString() === 'services' ? 'services' : 'agent';
      this.background.push({ command: writePath(second).trim().slice(0, COMMAND_MAX), of });
    }
    if (kind !== 'E') return;
    const [mode, size, stamp, modifiedMs, changed, target] = rest;
    this.entries.push({
      kind: first.toString(),
      path: second,
      mode: Number(mode),
      size: Number(size),
      stamp: String(stamp),
      modifiedMs: Number(modifiedMs),
      changed: Number(changed),
      target: target ?? Buffer.alloc(0),
    });
  }
}

function manifestOf(listing: Listing, known: ReadonlyMap<string, Known>): Manifest {
  const sorted = [...listing.entries].sort((a, b) => Buffer.compare(a.path, b.path));
  const entries = sorted.flatMap((listed): ManifestEntry[] => {
    const path = writePath(listed.path);
    if (listed.kind === 'directory') return [{ kind: 'directory', path, mode: listed.mode }];
    if (listed.kind === 'link') return [{ kind: 'link', path, target: writePath(listed.target) }];
    const file = known.get(listed.path.toString('latin1'));
    if (file === undefined) return [];
    const { size, sha256 } = file;
    const { mode, modifiedMs } = listed;
    return [{ kind: 'file', path, mode, modifiedMs, size, sha256 }];
  });
  const { skipped, background } = listing;
  return { format: 'breakwater-world/1', entries, skipped, background };
}
