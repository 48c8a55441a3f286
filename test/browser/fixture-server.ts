import { readFile } from 'node:fs/promises';
import type { Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import { ensureWebBuilt, webContentSecurityPolicy, webPages } from '@breakwater/web';
import type { FixtureLog } from './fixture-log.ts';
import { createFixtureLog } from './fixture-log.ts';
import { idOf } from './names.ts';
import { answersOf, caseRows, logContents } from './world.ts';

/** A server that answers the contract from the fixture world, and counts what it is asked. */
export interface Fixture extends AsyncDisposable {
  readonly address: string;
  readonly log: FixtureLog;
  readonly checkerSha256: string;
  readonly directory: string;
  /** Bodies of writes, in order. */
  readonly written: { readonly path: string; readonly body: unknown }[];
  /** From now on disclosures leave with one byte of their content flipped. */
  flipDisclosures: boolean;
}

/** Sessions of the fixture, each the value of its cookie. */
export const keys = {
  coordinator: 'key-coordinator',
  finder: 'key-finder',
  operator: 'key-operator',
  auditor: 'key-auditor',
};

const roleNames = ['finder', 'operator', 'auditor'] as const;

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** Starts the fixture on a free port of the loopback address. */
export async function startFixture(): Promise<Fixture> {
  const log = await createFixtureLog(logContents);
  const { directory, checkerSha256 } = await ensureWebBuilt();
  const answers = answersOf(log);
  const fixture = { log, directory, checkerSha256, written: [], flipDisclosures: false };
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://fixture').pathname;
    const key = /breakwater-local=([^;]+)/.exec(request.headers.cookie ?? '')?.[1] ?? '';
    const question = { path, key, method: request.method ?? 'GET' };
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString('utf8');
      answer(question, body, { answers, running, response }).catch((cause) =>
        response.destroy(cause),
      );
    });
  });
  const address = await listen(server);
  const running: Fixture = Object.assign(fixture, {
    address,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  });
  return running;
}

interface Question {
  readonly path: string;
  readonly key: string;
  readonly method: string;
}

interface Scene {
  readonly answers: ReturnType<typeof answersOf>;
  readonly running: Fixture;
  readonly response: ServerResponse;
}

async function answer(question: Question, body: string, scene: Scene): Promise<void> {
  const { path } = question;
  const { response, running } = scene;
  if (path === '/log/key') return void response.end(`${running.log.vkey}\n`);
  if (path === '/log/checkpoint') return void response.end(running.log.checkpoint);
  if (!path.startsWith('/v1/')) return file(path, scene);
  if (!Object.values(keys).includes(question.key)) {
    return problem(response, 401, 'key-missing', 'a session', 'none');
  }
  if (path === '/v1/session/sign-out') {
    response.setHeader('set-cookie', 'breakwater-local=; Path=/; Max-Age=0');
    return json(response, { signedOut: true });
  }
  if (question.method === 'POST') {
    running.written.push({ path, body: JSON.parse(body) });
    const notice = idOf('notice', 4);
    return json(
      response,
      path.endsWith('/receipt') ? { notice, status: 'done' } : { message: idOf('message', 9) },
    );
  }
  if (path.endsWith('/exposure') && question.key !== keys.coordinator) {
    return problem(response, 403, 'not-permitted', 'a coordinator', 'a finder');
  }
  const proof = /^\/v1\/entries\/([^/]+)\/proof$/.exec(path)?.[1];
  if (proof !== undefined) return disclose(proof, scene);
  const found = read(question, scene.answers);
  return found === undefined
    ? problem(response, 404, 'not-found', 'something that you may see', path)
    : json(response, found);
}

function read({ path, key }: Question, answers: Scene['answers']): unknown {
  const role = roleNames.find((name) => keys[name] === key) ?? 'coordinator';
  const part = path.replace(/^\/v1\/cases\/case_[^/]+\//, '');
  const parts: Record<string, unknown> = {
    '/v1/session': { me: answers[role] },
    '/v1/cases': answers.cases,
    '/v1/notices': answers.notices,
    '/v1/inventories': answers.inventories,
    findings: answers.findings,
    validations: answers.validations,
    score: answers.score,
    patches: answers.patches,
    exposure: answers.exposure,
    timeline: answers.timeline,
    participants: answers.participants,
    messages: answers.messages,
  };
  return parts[part] ?? caseRows.find((row) => path === `/v1/cases/${row.id}`);
}

async function disclose(entry: string, { running, response }: Scene): Promise<void> {
  const number = logContents.findIndex((_, at) => idOf('entry', at + 1) === entry);
  const text = await running.log.disclose(number);
  response.setHeader('content-type', 'application/json');
  // One character of the content, as a server that rewrites history would.
  response.end(
    running.flipDisclosures ? text.replace('2026-11-16T08:12:40', '2026-11-16T08:12:41') : text,
  );
}

async function file(path: string, { running, response }: Scene): Promise<void> {
  const name = isPage(path) ? 'index.html' : path.slice(1);
  const bytes = await readFile(join(running.directory, name)).catch(() => null);
  if (bytes === null) return void response.writeHead(404).end();
  response.setHeader('content-type', types[extname(name)] ?? 'application/octet-stream');
  response.setHeader('x-content-type-options', 'nosniff');
  if (name !== 'checker.html')
    response.setHeader('content-security-policy', webContentSecurityPolicy);
  response.end(bytes);
}

function isPage(path: string): boolean {
  return webPages.some((page) => new RegExp(`^${page.replace(/:\w+/, '[^/]+')}$`).test(path));
}

function json(response: ServerResponse, value: unknown): void {
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify(value));
}

function problem(
  response: ServerResponse,
  status: number,
  code: string,
  expected: string,
  got: string,
): void {
  response.writeHead(status, { 'content-type': 'application/problem+json' });
  const detail = `expected ${expected}, got ${got}`;
  const todo = 'sign in';
  response.end(
    JSON.stringify({
      type: 'about:blank',
      title: 'Refused',
      status,
      detail,
      code,
      expected,
      got,
      todo,
    }),
  );
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address() as AddressInfo; // listening on TCP
  return `http://127.0.0.1:${address.port}`;
}
