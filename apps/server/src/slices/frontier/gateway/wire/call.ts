import type { IncomingHttpHeaders } from 'node:http';
import type { Dispatcher } from 'undici';

/** What became of a call at an upstream. */
export type CallEnd =
  /** An answer that was passed on to its end. */
  | { readonly kind: 'passed' }
  /** An answer of another status than a success, whole: it was not passed on. */
  | {
      readonly kind: 'answered';
      readonly status: number;
      readonly headers: IncomingHttpHeaders;
      readonly body: Buffer;
    }
  /** The upstream was not reached: nothing was sent. Nowhere: it has no address that may be called. */
  | { readonly kind: 'unreached'; readonly isNowhere: boolean }
  /** It was sent, and broke off before its answer began. */
  | { readonly kind: 'unanswered'; readonly isLate: boolean }
  /** The answer broke off. */
  | { readonly kind: 'broken' };

/** Where a successful answer goes, piece by piece. */
export interface AnswerSink {
  head(status: number, headers: IncomingHttpHeaders): void;
  /** False: hold on until {@link Call.resume}. */
  piece(chunk: Buffer): boolean;
}

/** Most of an answer that is no success: longer ones tell nothing more. */
export const failureBytesMax = 65_536;

/** Interim answers (1xx) of one call; nobody has use for more than one or two. */
const interimMax = 16;

/**
 * One call at an upstream. A successful answer goes to the sink as it comes; any other is gathered,
 * so that whoever called can try elsewhere. Ends once.
 */
export class Call implements Dispatcher.DispatchHandler {
  readonly ended: Promise<CallEnd>;
  readonly #end: (end: CallEnd) => void;
  readonly #sink: AnswerSink;
  #controller: Dispatcher.DispatchController | null = null;
  #started = false;
  #isStopped = false;
  #status = 0;
  #interim = 0;
  #headers: IncomingHttpHeaders = {};
  #gathered: Buffer[] = [];
  #gatheredLength = 0;

  constructor(sink: AnswerSink) {
    const { promise, resolve } = Promise.withResolvers<CallEnd>();
    this.ended = promise;
    this.#end = resolve;
    this.#sink = sink;
  }

  /** Goes on after a piece for which the sink had no room. */
  resume(): void {
    this.#controller?.resume();
  }

  /** Reads no more; the call ends as broken off. */
  stop(): void {
    this.#isStopped = true;
    this.#controller?.abort(new Error('stopped'));
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    this.#started = true;
    if (this.#isStopped) controller.abort(new Error('stopped'));
  }

  onResponseStart(
    controller: Dispatcher.DispatchController,
    status: number,
    headers: IncomingHttpHeaders,
  ): void {
    // 1xx comes before the answer; each sets the time for the head anew.
    if (status < 200) this.#interim += 1;
    // Above 599 is none of HTTP: a journal with such a status could not be read again.
    if (status > 599 || this.#interim > interimMax) controller.abort(new Error('no answer'));
    if (status < 200 || status > 599) return;
    this.#status = status;
    this.#headers = headers;
    if (status < 300) this.#sink.head(status, headers);
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#status >= 300) {
      this.#gatheredLength += chunk.length;
      if (this.#gatheredLength > failureBytesMax) controller.abort(new Error('too long'));
      else this.#gathered.push(Buffer.from(chunk));
    } else if (!this.#sink.piece(chunk)) controller.pause();
  }

  onResponseEnd(): void {
    if (this.#status < 300) this.#end({ kind: 'passed' });
    else this.#endAnswered(Buffer.concat(this.#gathered));
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    if (this.#status >= 300) this.#endAnswered(Buffer.alloc(0));
    else if (this.#status > 0) this.#end({ kind: 'broken' });
    else if (!this.#started || unsent.has(codeOf(error))) {
      this.#end({ kind: 'unreached', isNowhere: nowhere.has(codeOf(error)) });
    } else this.#end({ kind: 'unanswered', isLate: codeOf(error) === 'UND_ERR_HEADERS_TIMEOUT' });
  }

  #endAnswered(body: Buffer): void {
    this.#end({ kind: 'answered', status: this.#status, headers: this.#headers, body });
  }
}

/** Nothing of a call left this machine. */
const unsent = new Set(['UND_ERR_CONNECT_TIMEOUT', 'ECONNREFUSED', 'ENOTFOUND', 'EHOSTUNREACH']);

/**
 * A name that nobody knows, and one that leads to where upstreams may not lie: told alike, because
 * which names there are inside is not a developer's to find out.
 */
const nowhere = new Set(['BEYOND_REACH', 'ENOTFOUND', 'EAI_AGAIN', 'ENODATA']);

function codeOf(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : '';
}
