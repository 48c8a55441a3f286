import { createHash, type Hash } from 'node:crypto';
import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import type { Digest } from '@breakwater/kernel';
import { Pieces } from './body.ts';
import type { AnswerSink } from './call.ts';
import { type CallKind, createFigureReader, type FigureReader, type Figures } from './figures.ts';
import { backHeaders } from './headers.ts';
import { UsageFilter } from './usage-filter.ts';

export interface AnswerOptions {
  readonly kind: CallKind;
  /** Names and values, in turn, of what we say ourselves. */
  readonly ownHeaders: readonly string[];
  /** Whether figures that the client did not ask for are taken out of the stream again. */
  readonly hidesUsage: boolean;
  /** Shown each piece as it is sent on; null: nobody looks. */
  readonly onText: ((piece: string) => void) | null;
  /** How many bytes are gathered of what is sent on; 0: none are. */
  readonly gatherMax: number;
  /** How long a client may take nothing of what is there for it, in milliseconds. */
  readonly stallMsMax: number;
  /** There is room for more. */
  readonly resume: () => void;
}

/**
 * Sends an answer on to its client byte for byte, and reads the figures out of it. Never more than
 * what the client's connection holds is kept: while that is full, the upstream is not read. Once the
 * client is gone the rest is read for its figures alone.
 */
export class Answer implements AnswerSink {
  readonly #response: ServerResponse;
  readonly #options: AnswerOptions;
  readonly #hash: Hash = createHash('sha256');
  #figures: FigureReader | null = null;
  #filter: UsageFilter | null = null;
  #stall: NodeJS.Timeout | null = null;
  #isGone = false;
  /** Its head went on: without that, whatever the client was told was not this. */
  #isBegun = false;
  /** What came since it was held; null: it is not. */
  #held: Buffer[] | null = null;
  #onReleased: (() => void) | null = null;
  #digest: Digest | null = null;
  readonly #gathered = new Pieces();
  #gatheredLength = 0;
  #firstAtMs: number | null = null;

  constructor(response: ServerResponse, options: AnswerOptions) {
    this.#response = response;
    this.#options = options;
  }

  head(status: number, headers: IncomingHttpHeaders): void {
    const stream = isEventStream(headers);
    this.#figures = createFigureReader(this.#options.kind, stream);
    if (this.#options.hidesUsage && stream) this.#filter = new UsageFilter();
    if (this.#isGone) return;
    const sent = [...this.#options.ownHeaders];
    backHeaders(headers, sent);
    const length = headers['content-length'];
    if (this.#filter === null && typeof length === 'string') sent.push('content-length', length);
    this.#response.writeHead(status, sent);
    this.#isBegun = true;
    // A first word may be long in coming; that the call is under way is told at once.
    if (stream) this.#response.flushHeaders();
  }

  piece(chunk: Buffer): boolean {
    this.#figures?.push(chunk);
    if (this.#isGone) return true;
    if (this.#filter === null) return this.#send(chunk);
    let hasRoom = true;
    for (const part of this.#filter.push(chunk)) hasRoom = this.#send(part);
    return hasRoom;
  }

  /** The upstream's answer is at its end. */
  end(): void {
    if (this.#isGone) return;
    for (const part of this.#filter?.end() ?? []) this.#send(part);
    this.#response.end();
    this.leave();
  }

  /** Nothing goes on to the client until {@link Answer.release}; the upstream waits as well. */
  hold(): void {
    if (!this.#isGone) this.#held ??= [];
  }

  release(): void {
    const held = this.#letGo();
    let hasRoom = true;
    for (const chunk of held) hasRoom = this.#send(chunk);
    if (held.length > 0 && hasRoom) this.#options.resume();
  }

  /** Resolves once nothing is held any more; at once, and as null, where nothing is. */
  released(): Promise<void> | null {
    if (this.#held === null) return null;
    return new Promise((resolve) => {
      this.#onReleased = resolve;
    });
  }

  /** The client takes nothing more: it left, or is cut off. */
  leave(): void {
    if (this.#isGone) return;
    this.#isGone = true;
    this.#letGo();
    this.#stopWaiting();
    this.#options.resume();
  }

  /** SHA-256 of what was sent on; null: not even its head was. Ends it: nothing is sent afterwards. */
  digest(): Digest | null {
    this.#isGone = true;
    if (!this.#isBegun) return null;
    this.#digest ??= `sha256:${this.#hash.digest('hex')}` as Digest; // the form of one
    return this.#digest;
  }

  /** When the first byte was sent on, as performance.now() tells; null: there was none. */
  get firstAtMs(): number | null {
    return this.#firstAtMs;
  }

  /** What was sent on, as far as it was to be gathered. */
  gathered(): Buffer {
    return this.#gathered.whole();
  }

  /** The upstream's figures; null where the answer has none. */
  figures(): Figures | null {
    return this.#figures?.end() ?? null;
  }

  #letGo(): readonly Buffer[] {
    const held = this.#held ?? [];
    this.#held = null;
    this.#onReleased?.();
    return held;
  }

  #send(chunk: Buffer): boolean {
    if (this.#held !== null) {
      this.#held.push(Buffer.from(chunk));
      return false;
    }
    this.#hash.update(chunk);
    this.#firstAtMs ??= performance.now();
    if (this.#gatheredLength < this.#options.gatherMax) {
      this.#gathered.add(Buffer.from(chunk));
      this.#gatheredLength += chunk.length;
    }
    this.#options.onText?.(chunk.toString('utf8'));
    if (this.#response.write(chunk)) return true;
    if (this.#stall !== null) return false;
    this.#stall = setTimeout(() => this.#response.destroy(), this.#options.stallMsMax);
    this.#response.once('drain', () => {
      this.#stopWaiting();
      this.#options.resume();
    });
    return false;
  }

  #stopWaiting(): void {
    if (this.#stall !== null) clearTimeout(this.#stall);
    this.#stall = null;
  }
}

function isEventStream(headers: IncomingHttpHeaders): boolean {
  const type = headers['content-type'];
  return typeof type === 'string' && /^text\/event-stream\b/i.test(type);
}
