import type { IncomingMessage } from 'node:http';

export interface BodyLimits {
  /** Of one body. */
  readonly bytesMax: number;
  /** Of all bodies that this process holds at one time, and those of one party among them. */
  readonly heldMax: number;
  readonly heldByPartyMax: number;
}

/** Why a body was not read. */
export type BodyFault = 'too-large' | 'too-many' | 'broken-off' | 'encoded';

/** A body that was read; whoever holds it lets it go once. */
export interface Held {
  readonly body: Buffer;
  letGo(): void;
}

/**
 * Reads bodies whole, which meters need, within bounds of what they take together: otherwise a few
 * keys could fill the memory by sending slowly.
 */
export class Bodies {
  readonly #limits: BodyLimits;
  readonly #byParty = new Map<string, number>();
  #held = 0;

  constructor(limits: BodyLimits) {
    this.#limits = limits;
  }

  /** The whole body of a request, which nobody read before. */
  read(request: IncomingMessage, party: string): Promise<Held | BodyFault> {
    const { promise, resolve } = Promise.withResolvers<Held | BodyFault>();
    const encoding = request.headers['content-encoding'];
    if (encoding !== undefined && encoding !== 'identity') return Promise.resolve('encoded');
    const told = Number(request.headers['content-length'] ?? 0);
    if (told > this.#limits.bytesMax) return Promise.resolve('too-large');
    // Whoever went while its key was asked for is told of by no event any more.
    if (request.closed) return Promise.resolve('broken-off');
    const pieces = new Pieces();
    let length = 0;
    const letGo = () => {
      this.#count(party, -length);
      length = 0;
    };
    const end = (fault: BodyFault) => {
      request.off('data', onData).off('end', onEnd).off('close', onClose);
      letGo();
      resolve(fault);
    };
    const onData = (piece: Buffer) => {
      length += piece.length;
      this.#count(party, piece.length);
      pieces.add(piece);
      if (length > this.#limits.bytesMax) end('too-large');
      else if (!this.#hasRoom(party)) end('too-many');
    };
    const onEnd = () => {
      request.off('close', onClose);
      resolve({ body: pieces.whole(), letGo });
    };
    const onClose = () => end('broken-off');
    request.on('data', onData).on('end', onEnd).on('close', onClose);
    return promise;
  }

  #hasRoom(party: string): boolean {
    const { heldMax, heldByPartyMax } = this.#limits;
    return this.#held <= heldMax && (this.#byParty.get(party) ?? 0) <= heldByPartyMax;
  }

  #count(party: string, bytes: number): void {
    this.#held += bytes;
    const now = (this.#byParty.get(party) ?? 0) + bytes;
    if (now > 0) this.#byParty.set(party, now);
    else this.#byParty.delete(party);
  }
}

/** A piece shorter than this is put behind those before it: by itself it costs some 240 bytes. */
const shortBytes = 4_096;

/** What came of something, in memory that goes by its bytes and not by how finely it was cut. */
export class Pieces {
  readonly #whole: Buffer[] = [];
  #open: Buffer = Buffer.alloc(0);
  #filled = 0;

  /** The piece may be kept as it is. */
  add(piece: Buffer): void {
    if (piece.length >= shortBytes) {
      this.#end();
      this.#whole.push(piece);
      return;
    }
    if (this.#whole.length === 0 && this.#filled === 0 && this.#open.length === 0) {
      this.#open = piece;
      this.#filled = piece.length;
      return;
    }
    if (this.#filled + piece.length > this.#open.length) this.#grow(piece.length);
    piece.copy(this.#open, this.#filled);
    this.#filled += piece.length;
  }

  whole(): Buffer {
    this.#end();
    const [only = Buffer.alloc(0)] = this.#whole;
    return this.#whole.length === 1 ? only : Buffer.concat(this.#whole);
  }

  /** Twice as much as there is, up to blocks of 64 KiB: what is cut finely is copied twice at most. */
  #grow(by: number): void {
    if (this.#filled >= 16 * shortBytes) this.#end();
    const larger = Buffer.allocUnsafeSlow(
      Math.max(shortBytes, 2 * this.#filled, this.#filled + by),
    );
    this.#open.copy(larger, 0, 0, this.#filled);
    this.#open = larger;
  }

  #end(): void {
    if (this.#filled > 0) this.#whole.push(this.#open.subarray(0, this.#filled));
    this.#open = Buffer.alloc(0);
    this.#filled = 0;
  }
}
