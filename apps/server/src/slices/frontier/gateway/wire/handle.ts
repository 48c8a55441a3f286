import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Admission, Known, NotKnown } from './admission.ts';
import { parseAsked } from './asked.ts';
import type { Bodies } from './body.ts';
import type { ExchangeParts } from './came.ts';
import { type Shown, shownKey } from './credential.ts';
import { Exchange } from './exchange.ts';
import type { CallKind } from './figures.ts';
import { modelOf, modelsOf } from './models.ts';
import type { Proofs } from './proof.ts';
import { refused, sendRefusal, type Wire, type WireRefusal, wireOf } from './refusal.ts';
import * as refusals from './refusals.ts';

export interface HandleParts extends ExchangeParts {
  readonly admission: Admission;
  readonly bodies: Bodies;
  readonly proofs: Proofs;
  readonly addressOf: (request: IncomingMessage) => string | null;
  readonly failed: (error: unknown) => void;
}

interface Arrived {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly wire: Wire;
}

const calls: Readonly<Record<string, CallKind>> = {
  '/v1/chat/completions': 'chat',
  '/v1/responses': 'responses',
  '/v1/embeddings': 'embeddings',
  '/v1/messages': 'messages',
  '/v1/messages/count_tokens': 'count-tokens',
};
const modelPath = '/v1/models/';
const healthPaths = new Set(['/health', '/healthz']);

/** Answers one request; never rejects. */
export async function handle(
  parts: HandleParts,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const [path = ''] = (request.url ?? '').split('?', 1);
  const kind = Object.hasOwn(calls, path) ? calls[path] : undefined;
  const isAnthropic =
    (kind !== undefined && wireOf(kind) === 'anthropic') ||
    request.headers['anthropic-version'] !== undefined;
  const arrived: Arrived = { request, response, wire: isAnthropic ? 'anthropic' : 'openai' };
  // A connection that breaks is told of by its close; without a listener an error would end all.
  request.on('error', () => {});
  response.on('error', () => {});
  try {
    const refusal = await answer(parts, arrived, { path, kind });
    if (refusal !== null) refuse(parts, arrived, refusal);
  } catch (error) {
    parts.failed(error);
    refuse(parts, arrived, refusals.wentWrong);
  }
}

async function answer(
  parts: HandleParts,
  arrived: Arrived,
  { path, kind }: { readonly path: string; readonly kind: CallKind | undefined },
): Promise<WireRefusal | null> {
  const { request } = arrived;
  const wanted = kind === undefined ? 'GET' : 'POST';
  if (healthPaths.has(path) && request.method === 'GET') return health(parts, arrived);
  if (kind === undefined && path !== '/v1/models' && !path.startsWith(modelPath)) {
    return refusals.notFound('an unknown one');
  }
  if (request.method !== wanted) return refusals.notFound('one with another method');
  const shown = shownKey(request.headers);
  if (shown === null) return refusals.noKey;
  const finding = parts.admission.find(shown.sha256);
  const known = finding instanceof Promise ? await finding : finding;
  const refusal = mayCall(parts, arrived, { known, shown });
  if (refusal !== null) return refusal;
  if (typeof known === 'string') return refusals.keyNotKnown(known);
  if (kind !== undefined) return await call(parts, arrived, { kind, known, shown });
  return tellModels(arrived, known, path);
}

function mayCall(
  parts: HandleParts,
  { request }: Arrived,
  { known, shown }: { readonly known: Known | NotKnown; readonly shown: Shown },
): WireRefusal | null {
  if (typeof known === 'string') return refusals.keyNotKnown(known);
  if (known.admitted.gives === 'outputs') return refusals.outputsAlone;
  return parts.proofs.check(known.admitted, request, shown);
}

async function call(
  parts: HandleParts,
  arrived: Arrived,
  by: { readonly kind: CallKind; readonly known: Known; readonly shown: Shown },
): Promise<WireRefusal | null> {
  const { kind, shown } = by;
  const { request, response } = arrived;
  if (request.headers.expect !== undefined) response.writeContinue();
  const held = await parts.bodies.read(request, by.known.admitted.party);
  if (typeof held === 'string') return refusals.badBody(held);
  try {
    const asked = parseAsked(kind, held.body);
    if (!asked.ok) return refused(400, asked.refusal);
    // A body may be long in coming: whether the key still stands is asked when it is there.
    const finding = parts.admission.find(shown.sha256);
    const known = finding instanceof Promise ? await finding : finding;
    if (typeof known === 'string') return refusals.keyNotKnown(known);
    if (!known.names.has(asked.value.model)) return refusals.noModel(asked.value);
    const address = parts.addressOf(request);
    const came = { ...arrived, known, asked: asked.value, address, job: null };
    await new Exchange(parts, came).run();
    return null;
  } finally {
    held.letGo();
  }
}

function tellModels({ response, wire }: Arrived, known: Known, path: string): WireRefusal | null {
  if (path === '/v1/models') return tell(response, modelsOf(known.admitted, wire));
  const name = nameIn(path);
  if (name === null || !known.names.has(name)) return refusals.noModel({ model: name ?? '' });
  return tell(response, modelOf(name, wire));
}

function nameIn(path: string): string | null {
  try {
    return decodeURIComponent(path.slice(modelPath.length));
  } catch {
    return null;
  }
}

/** For a load balancer: whether this process takes calls. It tells nothing else. */
function health({ admission }: HandleParts, { response }: Arrived): WireRefusal | null {
  return admission.isCurrent
    ? tell(response, { status: 'ok' })
    : refusals.keyNotKnown('cannot-tell');
}

function tell(response: ServerResponse, value: unknown): null {
  const body = JSON.stringify(value);
  const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
  response.writeHead(200, headers).end(body);
  return null;
}

/** How long a client is given to read why, before its connection is closed. */
const lingerMs = 1_000;

/** Whoever is refused before all of its body came is not read any further. */
function refuse(
  { telemetry }: HandleParts,
  { request, response, wire }: Arrived,
  refusal: WireRefusal,
): void {
  if (!response.headersSent && !response.destroyed) telemetry.onRefused(refusal.refusal.code);
  if (request.complete) {
    sendRefusal(response, wire, refusal);
    return;
  }
  const { socket } = request;
  sendRefusal(response, wire, { ...refusal, headers: { ...refusal.headers, connection: 'close' } });
  setTimeout(() => socket.destroy(), lingerMs).unref();
}
