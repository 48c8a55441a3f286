import { createHash } from 'node:crypto';
import { Agent, type IncomingMessage, request as requestOver } from 'node:http';
import { lastWords } from './gateway-wire-answers.ts';
import type { Called, Leaving, Refused, Script } from './gateway-wire-seen.ts';

/** A call that is to be made. */
export interface Wish {
  readonly key: number;
  readonly gateway: number;
  readonly script: Script;
  readonly isMessages: boolean;
  readonly stream: boolean;
  readonly asksUsage: boolean;
  /** null: it states no limit. */
  readonly output: number | null;
  readonly padding: number;
  readonly leaving: Leaving;
}

export interface Target {
  readonly port: number;
  readonly secret: string;
}

const agent = new Agent({ keepAlive: true, maxSockets: Infinity, maxFreeSockets: 2_000 });

/** Ends all connections that are kept. */
export function hangUp(): void {
  agent.destroy();
}

export const modelName = 'lagoon';

function bodyOf({ script, isMessages, stream, asksUsage, output, padding }: Wish): string {
  const limit = isMessages ? 'max_tokens' : 'max_completion_tokens';
  return JSON.stringify({
    model: modelName,
    ...(output === null ? {} : { [limit]: output }),
    ...(stream ? { stream } : {}),
    ...(asksUsage ? { stream_options: { include_usage: true } } : {}),
    user: 'x'.repeat(padding),
    messages: [{ role: 'user', content: JSON.stringify(script) }],
  });
}

/** Makes a call, goes away as it was told, and tells what came of it. Never rejects. */
export function call(wish: Wish, target: Target): Promise<Called> {
  return new Calling(wish, target).done;
}

class Calling {
  readonly done: Promise<Called>;
  readonly #resolve: (called: Called) => void;
  readonly #wish: Wish;
  readonly #body: string;
  readonly #outgoing: ReturnType<typeof requestOver>;
  readonly #sentAt = Date.now();
  readonly #hash = createHash('sha256');
  #answer: IncomingMessage | null = null;
  #headAt: number | null = null;
  #pieces = 0;
  #text = '';
  #length = 0;

  constructor(wish: Wish, { port, secret }: Target) {
    const { promise, resolve } = Promise.withResolvers<Called>();
    this.done = promise;
    this.#resolve = resolve;
    this.#wish = wish;
    this.#body = bodyOf(wish);
    this.#outgoing = requestOver({
      ...{ agent, port, host: '127.0.0.1', method: 'POST' },
      path: wish.isMessages ? '/v1/messages' : '/v1/chat/completions',
      headers: {
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(this.#body),
        ...(wish.isMessages ? { 'x-api-key': secret } : { authorization: `Bearer ${secret}` }),
      },
    });
    this.#outgoing.on('response', (answer) => this.#head(answer));
    this.#outgoing.on('error', (error) => {
      const isRefused = 'code' in error && error.code === 'ECONNREFUSED';
      this.#end(isRefused ? 'unreached' : 'cut');
    });
    // Without an answer it is over, whether or not an error was told.
    this.#outgoing.on('close', () => {
      if (this.#answer === null) this.#end('cut');
    });
    this.#send();
  }

  #send(): void {
    const { leaving } = this.#wish;
    if (leaving.when === 'sending') {
      this.#outgoing.write(this.#body.slice(0, this.#body.length / 2));
      setTimeout(() => this.#leave(), 20);
      return;
    }
    this.#outgoing.end(this.#body);
    if (leaving.when === 'early') setTimeout(() => this.#leave(), leaving.afterMs);
  }

  #head(answer: IncomingMessage): void {
    this.#answer = answer;
    this.#headAt = Date.now();
    answer.on('data', (piece: Buffer) => this.#take(piece));
    answer.on('error', () => this.#end('cut'));
    answer.on('end', () => this.#end(answer.complete ? 'whole' : 'cut'));
    answer.on('close', () => this.#end('cut'));
  }

  #take(piece: Buffer): void {
    this.#pieces += 1;
    this.#hash.update(piece);
    this.#length += piece.length;
    this.#text = `${this.#text}${piece.toString('latin1')}`.slice(-4_096);
    const { leaving } = this.#wish;
    if (leaving.when === 'midway' && this.#pieces === leaving.pieces) this.#leave();
    if (leaving.when === 'last' && this.#isAtLast()) this.#leave();
  }

  #isAtLast(): boolean {
    const length = this.#answer?.headers['content-length'];
    if (length !== undefined) return this.#length === Number(length);
    return lastWords.some((word) => this.#text.endsWith(word));
  }

  #leave(): void {
    this.#end('left');
    this.#outgoing.destroy();
  }

  /** Told once: what comes first counts. */
  #end(end: Called['end']): void {
    const { key, gateway, script, isMessages, output } = this.#wish;
    const status = this.#answer?.statusCode ?? null;
    const isWhole = end === 'whole';
    this.#resolve({
      ...{ n: script.n, key, gateway, isMessages, output, end, status },
      body: this.#body,
      sentAt: this.#sentAt,
      headAt: this.#headAt,
      endAt: Date.now(),
      request: headerOf(this.#answer, 'x-breakwater-request'),
      refused: isWhole && status !== 200 ? refusedBy(this.#answer, this.#text) : null,
      answer: isWhole ? this.#hash.copy().digest('hex') : null,
    });
  }
}

function headerOf(answer: IncomingMessage | null, name: string): string | null {
  const value = answer?.headers[name];
  return typeof value === 'string' ? value : null;
}

const leftPrefix = 'x-breakwater-left-';

function refusedBy(answer: IncomingMessage | null, text: string): Refused {
  const retry = headerOf(answer, 'retry-after');
  const left = Object.entries(answer?.headers ?? {}).flatMap(([name, value]) =>
    name.startsWith(leftPrefix) ? [[name.slice(leftPrefix.length), Number(value)] as const] : [],
  );
  return {
    ...errorIn(text),
    retryAfter: retry === null ? null : Number(retry),
    left: new Map(left),
  };
}

function errorIn(text: string): Pick<Refused, 'code' | 'message'> {
  const { error } = JSON.parse(text);
  return { code: String(error?.code), message: String(error?.message) };
}
