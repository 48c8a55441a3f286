import { setTimeout as delay } from 'node:timers/promises';
import type { EndpointMark } from '@breakwater/contract';
import type { Digest, Id } from '@breakwater/kernel';
import type { Granted, MeterWish, Taken } from '../meters/model.ts';
import { bodyBytesMax } from '../record/bodies.ts';
import type { Watched } from '../watch/watcher.ts';
import type { NotKnown, Open } from './admission.ts';
import { Answer } from './answer.ts';
import { Call, type CallEnd } from './call.ts';
import type { Came, ExchangeParts } from './came.ts';
import { doubtsOf, type Told } from './doubt.ts';
import { backHeaders, contextAsked, onwardHeaders, tells } from './headers.ts';
import { digestOf, Onward } from './onward.ts';
import { newRequest } from './random.ts';
import { refusalBody, sendRefusal, type WireRefusal, wireOf } from './refusal.ts';
import * as refusals from './refusals.ts';
import { againAfterMs, inNextOrder, retryAfterOf } from './retry.ts';
import type { Way } from './upstreams.ts';
import { wishedOutput } from './wished.ts';

/** The address of each kind of call, on the wire and at the upstream. */
const pathOf = {
  chat: '/v1/chat/completions',
  responses: '/v1/responses',
  embeddings: '/v1/embeddings',
  messages: '/v1/messages',
  'count-tokens': '/v1/messages/count_tokens',
} as const;

/** Of these an upstream's own words tell of its account. */
const unspoken = new Set([401, 403, 407, 429]);
/** Whoever stands before the model waits no longer: what it takes meanwhile nobody tells. */
const waitedNoLonger = new Set([408, 504, 524]);

/** One call from its reservation to its settlement. */
export class Exchange implements Open {
  readonly #parts: ExchangeParts;
  readonly #came: Came;
  readonly #onward: Onward;
  readonly id: Id<'request'>;
  readonly #salt: string;
  #wished: MeterWish | null = null;
  #granted: Granted | null = null;
  #watched: Watched | null = null;
  #answer: Answer | null = null;
  #call: Call | null = null;
  #way: Way | null = null;
  /** The client left, or was cut off: nothing goes on to it. */
  #isOver = false;
  /** Whether its key still stands is being asked. */
  #isHeld = false;
  #leaveTurn: (() => void) | null = null;
  #drain: NodeJS.Timeout | null = null;
  #isSettled = false;
  /** Of the endpoint, beside those of the watch. */
  readonly #marks: EndpointMark[] = [];
  readonly #startedMs = performance.now();

  constructor(parts: ExchangeParts, came: Came) {
    const { id, salt } = newRequest();
    this.#parts = parts;
    this.#came = came;
    this.#onward = new Onward(came.asked, came.known.admitted);
    this.id = id;
    this.#salt = salt;
  }

  /** Carries the call out; resolves once it is settled. */
  async run(): Promise<void> {
    const { response, known } = this.#came;
    const onClose = () => this.#over();
    known.open.set(this.id, this);
    response.once('close', onClose);
    // One that left while its key was asked for is told of by no close any more.
    if (response.destroyed) this.#over();
    try {
      if (await this.#reserve()) await this.#carryOut();
    } catch (error) {
      this.#refuse(refusals.wentWrong);
      this.#settle('full', { status: 500, digest: null });
      throw error;
    } finally {
      if (this.#drain !== null) clearTimeout(this.#drain);
      response.off('close', onClose);
      known.open.delete(this.id);
    }
  }

  /** The key stands no more, or nobody can tell: the client gets nothing from now on. */
  cut(why: NotKnown): void {
    if (this.#isOver) return;
    const { response } = this.#came;
    if (response.headersSent) this.#breakOff();
    else this.#refuse(why === 'unknown' ? refusals.cutOff : refusals.keyNotKnown(why));
    this.#over();
  }

  hold(): void {
    this.#isHeld = true;
    this.#answer?.hold();
  }

  release(): void {
    this.#isHeld = false;
    this.#answer?.release();
  }

  async #reserve(): Promise<boolean> {
    const wish = this.#wish();
    if ('status' in wish) {
      this.#refuse(wish);
      return false;
    }
    this.#wished = wish;
    const reserving = this.#parts.meters.reserve(this.#came.known.admitted, wish);
    const reserved = reserving instanceof Promise ? await reserving : reserving;
    if (!reserved.ok) {
      this.#refuse(refusals.notReserved(reserved.refusal, this.#parts.now()));
      return false;
    }
    this.#granted = reserved.value;
    return true;
  }

  #wish(): MeterWish | WireRefusal {
    const { asked, known } = this.#came;
    const { admitted } = known;
    if (admitted.keeps !== 'nothing') {
      // With what may be put in: whoever writes longer ones has nothing kept.
      if (asked.body.length > bodyBytesMax - 1_024) return refusals.tooLongToKeep;
      if (!this.#parts.keeper.hasRoom()) return refusals.noRoom;
    }
    if (asked.input.readings > 1 && admitted.limits.currency !== null)
      return refusals.toolsUnpriced;
    const ways = this.#ways();
    const [first] = ways;
    if (first === undefined) return refusals.noUpstream(asked);
    const output = wishedOutput(asked, admitted, first.upstream);
    if ('status' in output) return output;
    const stated = Math.max(...ways.map(({ upstream }) => upstream.contextTokens));
    const context = contextAsked(this.#came.request.headers, stated);
    const { tokens, readings } = asked.input;
    return {
      id: this.id,
      inputTokens: Math.min(tokens ?? context, context) * readings,
      outputTokens: output,
      upstream: first.upstream,
      startedAt: this.#parts.now(),
      path: asked.kind,
      job: this.#came.job,
      stream: asked.stream,
      salt: this.#salt,
      requestDigest: (outputTokens) => this.#onward.digest(outputTokens),
    };
  }

  #ways(): readonly Way[] {
    const { known, asked } = this.#came;
    const kind = wireOf(asked.kind);
    return this.#parts.upstreams.inOrder(
      known.admitted.upstreams.filter((upstream) => upstream.kind === kind),
    );
  }

  async #carryOut(): Promise<void> {
    this.#watched = this.#watch();
    const ways = this.#ways();
    const tried = new Set<Way>();
    let end: CallEnd | WireRefusal = refusals.noUpstream(this.#came.asked);
    for (let tries = 0; tries < this.#parts.limits.triesMax && !this.#isOver; tries++) {
      const way = await this.#enter(inNextOrder(ways, tried));
      if ('status' in way) {
        end = way;
        break;
      }
      tried.add(way);
      this.#way = way;
      try {
        end = await this.#try(way);
      } finally {
        way.lane.leave();
      }
      this.#note(way, end);
      const { betweenMsMax } = this.#parts.limits;
      const again = againAfterMs(end, { tries, ways: ways.length, betweenMsMax });
      if (again === null || this.#isOver) break;
      if (again > 0) await delay(again);
    }
    const released = this.#answer?.released() ?? null;
    if (released !== null) await released;
    this.#finish(end);
  }

  /** A way with room, those that stand earlier first; or a turn at the first of them. */
  async #enter(ordered: readonly Way[]): Promise<Way | WireRefusal> {
    for (const way of ordered) if (way.lane.enterNow()) return way;
    const [next] = ordered;
    if (next === undefined) return refusals.noUpstream(this.#came.asked);
    const turn = next.lane.enter(this.#came.known.admitted.party);
    this.#leaveTurn = () => turn.leave();
    const end = await turn.when;
    this.#leaveTurn = null;
    return end === null ? next : refusals.noTurn(end);
  }

  async #try(way: Way): Promise<CallEnd | WireRefusal> {
    const { upstream } = way;
    const found = this.#parts.upstreams.secretOf(upstream);
    const secret = found instanceof Promise ? await found : found;
    if (secret === null) return refusals.upstreamUnusable;
    if (this.#isOver) return { kind: 'unreached', isNowhere: false };
    const { asked, request, known } = this.#came;
    const { key } = known.admitted;
    const limit = this.#onward.limitIn(this.#granted?.outputTokens ?? 0);
    const call = new Call(this.#openAnswer(limit));
    this.#call = call;
    way.pool.dispatch(
      {
        method: 'POST',
        path: way.prefix + pathOf[asked.kind],
        headers: onwardHeaders(request.headers, { upstream, secret, key }),
        body: this.#onward.bodyFor(upstream, limit),
      },
      call,
    );
    const end = await call.ended;
    // A developer's own words are sent on, unless the secret is among them.
    if (end.kind === 'answered' && tells(end.body, secret)) return refusals.upstreamUnusable;
    return end;
  }

  #openAnswer(limit: number | null): Answer {
    const ownHeaders = ['x-breakwater-request', this.id];
    if (limit !== null) ownHeaders.push('x-breakwater-output-limit', String(limit));
    const watched = this.#watched;
    const answer = new Answer(this.#came.response, {
      kind: this.#came.asked.kind,
      ownHeaders,
      hidesUsage: this.#onward.hidesUsage,
      onText: watched === null ? null : (piece) => watched.onText(piece),
      // One more than is kept, so that a longer one is seen to be longer.
      gatherMax: this.#came.known.admitted.keeps === 'nothing' ? 0 : bodyBytesMax + 1,
      stallMsMax: this.#parts.limits.stallMsMax,
      resume: () => this.#call?.resume(),
    });
    if (this.#isHeld) answer.hold();
    this.#answer = answer;
    return answer;
  }

  #watch(): Watched | null {
    const { known, asked, request, address } = this.#came;
    const { key, model, limits } = known.admitted;
    return (
      this.#parts.watcher?.onRequest({
        ...{ key, model, limits, address },
        at: Date.parse(this.#parts.now()),
        agent: request.headers['user-agent'] ?? null,
        body: asked.fields,
      }) ?? null
    );
  }

  #note(way: Way, end: CallEnd | WireRefusal): void {
    const isFault =
      'kind' in end && (end.kind === 'answered' ? end.status >= 500 : end.kind !== 'passed');
    if (!this.#isOver) way.note(isFault ? 'badly' : 'well', this.#parts.nowMs());
  }

  #finish(end: CallEnd | WireRefusal): void {
    if (!('kind' in end)) this.#refuseAs(end, 'unused');
    else if (end.kind === 'passed') this.#finishPassed();
    else if (end.kind === 'unreached') {
      if (end.isNowhere) this.#marks.push('endpoint-nowhere');
      this.#refuseAs(refusals.upstreamUnreached, 'unused');
    } else if (end.kind === 'unanswered') {
      this.#refuseAs(refusals.upstreamSilent(end.isLate), 'full');
    } else if (end.kind === 'broken') {
      const digest = this.#answer?.digest() ?? null;
      // Never as if it were whole: the client sees that its connection broke.
      this.#came.response.destroy();
      this.#settle('full', { status: this.#statusSent(), digest });
    } else this.#finishAnswered(end);
  }

  #finishPassed(): void {
    const answer = this.#answer;
    answer?.end();
    const status = this.#statusSent();
    this.#settle(answer?.figures() ?? 'full', { status, digest: answer?.digest() ?? null });
  }

  /** An answer that is no success goes on as the upstream wrote it, unless it tells of its account. */
  #finishAnswered(end: CallEnd & { readonly kind: 'answered' }): void {
    const { status, headers, body } = end;
    const retryAfter = retryAfterOf(headers['retry-after']);
    if (status === 429) this.#refuseAs(refusals.upstreamBusy(retryAfter), 'unused');
    else if (status < 400 || unspoken.has(status) || body.length === 0) {
      this.#refuseAs(refusals.upstreamUnusable, 'unused');
    } else {
      const sent = ['x-breakwater-request', this.id, 'content-length', String(body.length)];
      backHeaders(headers, sent);
      if (retryAfter !== null) sent.push('retry-after', String(retryAfter));
      const isTold = this.#isUntold();
      if (isTold) this.#came.response.writeHead(status, sent).end(body);
      const taken = waitedNoLonger.has(status) ? 'full' : 'unused';
      this.#settleAs(taken, isTold ? { status, body } : null);
    }
  }

  #breakOff(): void {
    this.#parts.telemetry.onRefused(refusals.cutOff.refusal.code);
    this.#came.response.destroy();
  }

  #refuse(refusal: WireRefusal): void {
    if (this.#isUntold()) this.#parts.telemetry.onRefused(refusal.refusal.code);
    const headers = { ...refusal.headers, 'x-breakwater-request': this.id };
    sendRefusal(this.#came.response, this.#came.wire, { ...refusal, headers });
  }

  #refuseAs(refusal: WireRefusal, taken: Taken): void {
    const isTold = this.#isUntold();
    this.#refuse(refusal);
    const { status } = refusal;
    const body = Buffer.from(refusalBody(this.#came.wire, refusal));
    this.#settleAs(taken, isTold ? { status, body } : null);
  }

  /** Whether the client was told nothing yet, and is there. */
  #isUntold(): boolean {
    const { response } = this.#came;
    return !response.headersSent && !response.destroyed;
  }

  /** By what the client was told; null: something else before, or nothing. */
  #settleAs(taken: Taken, told: { readonly status: number; readonly body: Buffer } | null): void {
    const status = told?.status ?? this.#statusSent();
    this.#settle(taken, { status, digest: told === null ? null : digestOf(told.body) });
  }

  #statusSent(): number {
    const { response } = this.#came;
    return response.headersSent ? response.statusCode : clientLeft;
  }

  #settle(taken: Taken, { status, digest }: { status: number; digest: Digest | null }): void {
    if (this.#isSettled) return;
    this.#isSettled = true;
    const tokens = typeof taken === 'string' ? 0 : taken.outputTokens;
    if (typeof taken !== 'string') this.#marks.push(...this.#doubts(taken));
    const row = this.#parts.meters.settle(this.id, taken, {
      upstream: this.#way?.upstream ?? null,
      endedAt: this.#parts.now(),
      status,
      responseDigest: digest,
      marks: [...this.#marks, ...(this.#watched?.onSettled(tokens) ?? [])],
    });
    const first = this.#answer?.firstAtMs ?? null;
    const firstByteMs = first === null ? null : first - this.#startedMs;
    const { wire } = this.#came;
    if (row !== null) this.#parts.telemetry.onSettled({ row, wire, firstByteMs });
    this.#keep();
  }

  #doubts(told: Told): readonly EndpointMark[] {
    const { kind, stream, body, input } = this.#came.asked;
    const isText = kind !== 'count-tokens' && input.tokens !== null && input.readings === 1;
    return doubtsOf(told, {
      ...{ kind, stream },
      reserved: {
        inputTokens: this.#wished?.inputTokens ?? 0,
        outputTokens: this.#granted?.outputTokens ?? 0,
      },
      text: isText ? body : null,
      said: this.#watched?.said() ?? 0,
    });
  }

  #keep(): void {
    const { keeps } = this.#came.known.admitted;
    const request = this.#onward.body;
    if (keeps === 'nothing' || request === null) return;
    const response = this.#answer?.gathered() ?? Buffer.alloc(0);
    this.#parts.keeper.keep({ id: this.id, recipients: keeps.recipients, request, response });
  }

  /** Nothing goes on to the client any more; what the upstream still says is read for its figures. */
  #over(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#leaveTurn?.();
    this.#answer?.leave();
    this.#drain = setTimeout(() => this.#call?.stop(), this.#parts.limits.drainMsMax);
  }
}

/** No status of HTTP: what is noted of a call whose client left before any was sent. */
const clientLeft = 499;
