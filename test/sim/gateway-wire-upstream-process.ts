import { createHash } from 'node:crypto';
import { openSync, writeSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { type Asked, answerTo, asksFigures } from './gateway-wire-answers.ts';
import type { How, Script, Served, UpstreamName } from './gateway-wire-seen.ts';

// A developer's endpoints, as a process of its own that outlives every gateway: it does with each
// call what the call's prompt says, and writes down what it served and which figures it told.

const ledger = openSync(process.argv[2] ?? '', 'ax');

/** How often this process looks at its clock, to know since when it may not have looked at a socket. */
const tickMs = 2;
let lookedAt = Date.now();
setInterval(() => {
  lookedAt = Date.now();
}, tickMs);

async function serve(
  to: UpstreamName,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  request.on('error', () => {});
  response.on('error', () => {});
  // Whoever is gone may be so since the last look, and its place may be another's by now.
  let goneAt = Infinity;
  response.once('close', () => {
    goneAt = lookedAt;
  });
  const raw = Buffer.concat(await request.toArray());
  const at = Date.now();
  const body: Asked = JSON.parse(raw.toString());
  const script: Script = JSON.parse(body.messages[0]?.content ?? '');
  const planned = script.hows[to === 'first' ? 0 : 1];
  const how = planned === 'whole' && !asksFigures(body) ? 'no-figures' : planned;
  const { end, answer, endAt } = await play({ response, body, how, script });
  const { input, output, cached } = script;
  const served: Served = {
    ...{ n: script.n, to, at, end, answer },
    digest: `sha256:${createHash('sha256').update(raw).digest('hex')}`,
    endAt: end === 'gone' ? Math.min(endAt, goneAt) : endAt,
    figures: { input, output, cached: to === 'messages' ? cached : 0 },
  };
  writeSync(ledger, `${JSON.stringify(served)}\n`);
}

interface Playing {
  readonly response: ServerResponse;
  readonly body: Asked;
  readonly how: How;
  readonly script: Script;
}

type Ended = Pick<Served, 'end' | 'answer' | 'endAt'>;

async function play(playing: Playing): Promise<Ended> {
  const { response, how, script } = playing;
  await delay(script.headMs);
  if (response.destroyed) return over('gone');
  if (how === 'reset') {
    const ended = over(how);
    response.destroy();
    return ended;
  }
  if (script.closes) response.shouldKeepAlive = false;
  if (typeof how === 'number') return await fail(response, how);
  return await tell(playing, how);
}

function over(end: Served['end']): Ended {
  return { end, answer: null, endAt: Date.now() };
}

async function fail(response: ServerResponse, status: number): Promise<Ended> {
  const body = JSON.stringify({ error: { message: 'not now', type: 'server_error' } });
  response.writeHead(status, { 'content-type': 'application/json' });
  const ended = over(status);
  return { ...ended, end: (await endOf(response, body)) ? status : 'gone' };
}

async function tell(
  { response, body, script }: Playing,
  how: Exclude<How, number>,
): Promise<Ended> {
  const pieces = answerTo(body, { script, tells: how !== 'no-figures' });
  const whole = pieces.join('');
  const type = body.stream === true ? 'text/event-stream' : 'application/json';
  const length = body.stream === true ? {} : { 'content-length': Buffer.byteLength(whole) };
  response.writeHead(200, { 'content-type': type, ...length });
  response.flushHeaders();
  // The last two pieces are the figures and the end.
  const upTo = how === 'broken' ? script.n % (pieces.length - 1) : pieces.length - 1;
  for (const [at, piece] of pieces.slice(0, upTo).entries()) {
    await delay(at === pieces.length - 2 ? script.lateMs : script.everyMs);
    if (response.destroyed) return over('gone');
    response.write(piece);
  }
  if (how === 'broken') {
    const ended = over(how);
    response.destroy();
    return ended;
  }
  const answer = createHash('sha256').update(whole).digest('hex');
  // It is over for the caller before this process is told that all was handed over.
  const ended = { ...over(how), answer };
  return { ...ended, end: (await endOf(response, pieces.at(-1) ?? '')) ? how : 'gone' };
}

/** Whether all of it was handed over. */
async function endOf(response: ServerResponse, last: string): Promise<boolean> {
  return await new Promise((resolve) => {
    response.once('finish', () => resolve(true));
    response.once('close', () => resolve(response.writableFinished));
    if (response.destroyed) resolve(false);
    response.end(last);
  });
}

async function listen(to: UpstreamName): Promise<number> {
  const server = createServer({ keepAliveTimeout: 600_000 }, (request, response) => {
    // A body that breaks off is no call.
    serve(to, request, response).catch(() => response.destroy());
  });
  return await new Promise((resolve) => {
    server.listen({ port: 0, host: '127.0.0.1', backlog: 4_096 }, () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : 0);
    });
  });
}

const ports = {
  first: await listen('first'),
  second: await listen('second'),
  messages: await listen('messages'),
};
process.stdout.write(`${JSON.stringify(ports)}\n`);
// It ends with whoever started it.
process.stdin.resume().once('end', () => process.exit(0));
