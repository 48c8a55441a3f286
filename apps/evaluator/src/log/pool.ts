import type { Message } from '../models/messages.ts';

/**
 * The messages of a sample, each once: what went to a model at every turn is told by ranges of
 * this list, as Inspect does, so that a log grows with its conversation and not with its square.
 */
export class MessagePool {
  readonly #at = new Map<string, number>();
  readonly messages: Message[] = [];

  /** Ranges `[from, to)` of the list that are these messages in this order. */
  refs(messages: readonly Message[]): readonly (readonly [number, number])[] {
    const ranges: [number, number][] = [];
    for (const message of messages) {
      const at = this.#place(message);
      const last = ranges.at(-1);
      if (last !== undefined && last[1] === at) last[1] = at + 1;
      else ranges.push([at, at + 1]);
    }
    return ranges;
  }

  #place(message: Message): number {
    const text = JSON.stringify(message);
    const known = this.#at.get(text);
    if (known !== undefined) return known;
    this.#at.set(text, this.messages.length);
    return this.messages.push(message) - 1;
  }
}
