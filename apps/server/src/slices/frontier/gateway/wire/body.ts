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
    const pieces: Buffer[] = [];
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
      pieces.push(piece);
      if (length > this.#limits.bytesMax) end('too-large');
      else if (!this.#hasRoom(party)) end('too-many');
    };
    const onEnd = () => {
      request.off('close', onClose);
      const [only = Buffer.alloc(0)] = pieces;
      resolve({ body: pieces.length === 1 ? only : Buffer.concat(pieces), letGo });
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
