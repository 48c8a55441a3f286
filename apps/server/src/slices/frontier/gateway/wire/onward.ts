import { hash } from 'node:crypto';
import type { Digest } from '@breakwater/kernel';
import type { Admitted, Upstream } from '../model.ts';
import { type Asked, limitNames } from './asked.ts';
import { fitBody } from './fit.ts';

/** What goes on of a call: its body, with what is put into it. */
export class Onward {
  readonly #asked: Asked;
  /** Whether figures are asked for that the client did not ask for, and does not get. */
  readonly hidesUsage: boolean;
  #digested: { readonly limit: number | null; readonly body: Buffer } | null = null;

  constructor(asked: Asked, { usageInStreams }: Pick<Admitted, 'usageInStreams'>) {
    this.#asked = asked;
    const isUnasked = asked.kind === 'chat' && asked.stream && !asked.usageAsked;
    this.hidesUsage = usageInStreams === 'always' && isUnasked;
  }

  /** The body that both sides know the digest of; null: none was digested yet. */
  get body(): Buffer | null {
    return this.#digested?.body ?? null;
  }

  /** The limit of one answer that is put into the body; null where the client stated its own. */
  limitIn(outputTokens: number): number | null {
    const { kind, outputStated, answers, input } = this.#asked;
    const hasOutput = limitNames[kind].length > 0;
    if (outputStated !== null || !hasOutput) return null;
    return Math.floor(outputTokens / (answers * input.readings));
  }

  /** Over the body with the limit, and with the names that the client said: both sides know those. */
  digest(outputTokens: number): Digest {
    const limit = this.limitIn(outputTokens);
    const body = this.#fit({ model: this.#asked.model, limit });
    this.#digested = { limit, body };
    return digestOf(body);
  }

  /** The body as an endpoint gets it, with the names that it obeys. */
  bodyFor({ modelName, limitName }: Upstream, limit: number | null): Buffer {
    const isSame = modelName === this.#asked.model && limitName === undefined;
    if (isSame && this.#digested?.limit === limit) return this.#digested.body;
    return this.#fit({ model: modelName, limit, limitName });
  }

  #fit({ model, limit, limitName }: Fit): Buffer {
    const askUsage = this.hidesUsage;
    return fitBody(this.#asked, { model, outputLimit: limit, limitName, askUsage });
  }
}

interface Fit {
  readonly model: string;
  readonly limit: number | null;
  readonly limitName?: Upstream['limitName'];
}

/** SHA-256 of what was asked or answered. */
export function digestOf(body: Buffer): Digest {
  return `sha256:${hash('sha256', body)}` as Digest; // the form of one
}
