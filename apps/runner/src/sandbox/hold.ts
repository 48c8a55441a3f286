import { release } from 'node:os';
import { heldArguments, heldLimits } from './arguments.ts';
import { type Frame, FrameReader, pack, packFrame } from './frames.ts';
import { watchMemory } from './memory-watch.ts';
import type { Ground } from './perform.ts';
import { type Evidence, missingWall, networkEvidence, parseEvidence } from './record.ts';
import type { Held, HoldSpec } from './sandbox.ts';
import { assembleFilter } from './seccomp.ts';
import type { Slot } from './slot.ts';
import { heldGroupLimits } from './slot-group.ts';
import { SandboxUnavailable } from './unavailable.ts';

const START_MAX_MS = 30_000;
const EVIDENCE_BYTES_MAX = 64 << 10;
const WORDS_BYTES_MAX = 4096;
/** The launcher's own clock for what is held: a week. */
const WALL_MS = 7 * 24 * 3_600_000;
const READY = Buffer.from('ready\t\t\n');
const SAID_BYTES = 64 << 10;

/** Starts what is held in a slot that is its own from now on; resolves when its walls are proven. */
export async function performHold(ground: Ground, spec: HoldSpec): Promise<Held> {
  const { slot, base, programs } = ground;
  slot.group?.prepare(heldGroupLimits(spec.limits));
  const instructions = pack([
    pack([programs.machine]),
    pack(heldLimits(spec)),
    pack(['0', '0', '1']),
    pack([]),
    pack(['/usr/bin/perl', '/.world', 'serve', programs.machine]),
  ]);
  const named = heldArguments(spec, base)
    .map((argument) => `${argument}\0`)
    .join('');
  const request = [named, instructions, '', 'world', String(WALL_MS), String(WORDS_BYTES_MAX), ''];
  const killsBefore = slot.group?.read().outOfMemoryKills ?? 0;
  slot.send('H', pack(request));
  const held = new HeldSlot(slot, spec.limits.memoryBytes, killsBefore);
  const late = setTimeout(() => void slot.destroy(), START_MAX_MS);
  try {
    const evidence = await held.prove();
    return {
      evidence: {
        capabilities: ground.capabilities,
        seccompSha256: assembleFilter('world', programs.machine).sha256,
        kernel: release(),
        network: networkEvidence(evidence),
        status: evidence.status,
      },
      send: (kind, body) => held.send(kind, body),
      next: () => held.next(),
      ending: () => held.ending(),
      end: () => held.end(),
    };
  } catch (error) {
    await held.end();
    throw error;
  } finally {
    clearTimeout(late);
  }
}

class HeldSlot {
  readonly #slot: Slot;
  readonly #killsBefore: number;
  readonly #memoryBytes: number;
  readonly #reader = new FrameReader();
  #proof: Buffer = Buffer.alloc(0);
  #proven = false;
  #words = '';
  #exit = '';
  #over = false;
  #overMemory = false;
  #unwatch = () => {};
  #outOfMemoryKills: number;

  constructor(slot: Slot, memoryBytes: number, killsBefore: number) {
    this.#slot = slot;
    this.#memoryBytes = memoryBytes;
    this.#killsBefore = killsBefore;
    this.#outOfMemoryKills = killsBefore;
  }

  /** Reads what the init step found, and throws unless every wall stands. */
  async prove(): Promise<Evidence> {
    while (!this.#proven || this.#slot.tree === 0) {
      if (!(await this.#listen())) break;
    }
    const evidence = parseEvidence(this.#proof.toString('utf8'));
    const missing = evidence.error ?? (evidence.ready ? missingWall(evidence) : null);
    if (missing !== null) throw new SandboxUnavailable(`the world did not come up: ${missing}`);
    if (!evidence.ready) {
      throw new SandboxUnavailable(`the world did not come up: ${this.#words} ${this.#exit}`);
    }
    return evidence;
  }

  send(kind: string, body: Uint8Array): void {
    const frame = packFrame(kind, body);
    for (let at = 0; at < frame.length; at += SAID_BYTES) {
      this.#slot.send('C', frame.subarray(at, at + SAID_BYTES));
    }
  }

  async next(): Promise<Frame | null> {
    for (;;) {
      const frame = this.#reader.next();
      if (frame !== null) return frame;
      if (!(await this.#listen())) return null;
    }
  }

  /** Takes one frame of the launcher; false when there will be no more. */
  async #listen(): Promise<boolean> {
    if (this.#over) return false;
    const frame = await this.#slot.next();
    if (frame === null || frame.kind === 'x') {
      this.#over = true;
      this.#exit = frame?.body.toString('utf8') ?? 'its launcher is gone';
      this.#outOfMemoryKills = this.#slot.group?.read().outOfMemoryKills ?? 0;
      this.#unwatch();
      return false;
    }
    if (frame.kind === 'v') this.#hear(frame.body);
    if (frame.kind === 'p') this.#watch(Number(frame.body.toString()));
    if (frame.kind === 'e' || frame.kind === 'o') {
      this.#words = (this.#words + frame.body.toString('utf8')).slice(-WORDS_BYTES_MAX);
    }
    return true;
  }

  #hear(bytes: Buffer): void {
    if (this.#proven) {
      this.#reader.add(bytes);
      return;
    }
    this.#proof = Buffer.concat([this.#proof, bytes]);
    const at = this.#proof.indexOf(READY);
    if (at >= 0) {
      this.#proven = true;
      this.#reader.add(this.#proof.subarray(at + READY.length));
      this.#proof = this.#proof.subarray(0, at + READY.length);
    } else if (this.#proof.length > EVIDENCE_BYTES_MAX) {
      throw new SandboxUnavailable('the init step said too much');
    }
  }

  #watch(tree: number): void {
    this.#slot.tree = tree;
    if (this.#slot.group !== null) return;
    const over = () => {
      this.#overMemory = true;
      this.#slot.send('K', new Uint8Array());
    };
    this.#unwatch = watchMemory(tree, this.#memoryBytes, over);
  }

  ending(): { readonly outOfMemory: boolean; readonly detail: string } {
    const outOfMemory = this.#overMemory || this.#outOfMemoryKills > this.#killsBefore;
    return { outOfMemory, detail: `${this.#exit} ${this.#words}`.trim() };
  }

  async end(): Promise<void> {
    this.#unwatch();
    await this.#slot.destroy();
    await this.#slot.group?.remove();
  }
}
