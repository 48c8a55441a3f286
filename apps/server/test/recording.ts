import { randomBytes } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { gatewayJobs } from '@breakwater/contract';
import { type Id, utf8 } from '@breakwater/kernel';
import { checkRequestProof, parseRequestProof } from '@breakwater/log';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { newId } from '../src/platform/clock/clock.ts';
import { logVerifierKeys } from '../src/platform/journal/log-keys.ts';
import { type Gateway, openGateway } from '../src/slices/frontier/gateway/open.ts';
import { RequestRow } from '../src/slices/frontier/gateway/record/request-row.ts';
import { insertRequests } from '../src/slices/frontier/gateway/record/store.ts';
import { engageModel } from './accessing.ts';
import type { FakePlan } from './fake-upstream.ts';
import type { SignedIn, TestParty, TestServer } from './harness.ts';
import { bookOf, giveOut, issueTo, partnerIn, templateBody } from './keying.ts';

/** Whose request it was, and whatever else a test wants of it. */
export type SomeRequest = Partial<RequestRow> & Pick<RequestRow, 'party' | 'developer'>;

/** A settled request, as a meter tells it. */
export function requestRow(some: SomeRequest): RequestRow {
  return RequestRow.parse({
    id: newId('request'),
    key: newId('gkey'),
    holder: newId('member'),
    standsOn: newId('partner'),
    model: newId('model'),
    upstream: newId('upstream'),
    process: 'gateway-1',
    startedAt: '2026-03-01T08:00:00.000Z',
    endedAt: '2026-03-01T08:00:01.000Z',
    path: 'chat',
    job: null,
    stream: true,
    status: 200,
    figures: 'upstream',
    reserved: { inputTokens: 100, outputTokens: 500, costMicros: 900 },
    settled: { inputTokens: 90, outputTokens: 7, costMicros: 100 },
    currency: 'USD',
    requestDigest: `sha256:${'a'.repeat(64)}`,
    responseDigest: `sha256:${'b'.repeat(64)}`,
    marks: [],
    salt: randomBytes(32).toString('hex'),
    ...some,
  });
}

/** Stores them as a process of the gateway does; answers with the ids that were not there yet. */
export async function storeRequests(
  { services }: Pick<TestServer, 'services'>,
  rows: readonly RequestRow[],
): Promise<ReadonlySet<Id<'request'>>> {
  return await services.database.write((tx) => insertRequests(tx, rows));
}

/** A gateway beside the server, in this process; it writes its lines, of every level, to `lines`. */
export async function gatewayOf(server: TestServer, lines: string[]): Promise<Gateway> {
  const logger = pino({ level: 'trace' }, { write: (line: string) => void lines.push(line) });
  return await openGateway({
    services: server.services,
    config: {
      dataDirectory: server.dataDirectory,
      ...{
        gatewayPlacesFile: null,
        gatewayUrl: null,
        otlpEndpoint: null,
        tls: null,
        trustedProxies: [],
      },
      gatewayUpstreams: ['127.0.0.1'],
    },
    where: { host: '127.0.0.1', port: 0 },
    book: bookOf(server),
    registry: new Registry(),
    failed: (error, what) => logger.error({ err: error }, what),
  });
}

/** A partnership on a model behind `baseUrl`, a key on it, and a template of its tier. */
export async function partnerWith(
  server: TestServer,
  of: {
    readonly developer: TestParty;
    readonly liaison: TestParty;
    readonly applicant: TestParty;
    readonly clerk: SignedIn;
    readonly asks: 'raw-access' | 'outputs';
    readonly baseUrl: string;
    readonly instructions: string;
  },
) {
  const { developer, liaison, applicant, asks, baseUrl, instructions } = of;
  const { model } = await engageModel({ developer, liaison });
  const who = { developer, liaison, model, applicant, asks };
  const { tier: scope, partner } = await partnerIn(server, who);
  await giveOut(developer, { model, scope }, { upstream: { baseUrl } });
  const { key: gkey, secret } = await issueTo(of.clerk, partner);
  const { template } = await developer.client.call(gatewayJobs.stateTemplate, {
    params: { scope },
    body: { ...templateBody, instructions },
  });
  return { gkey, secret, template, scope };
}

/** An endpoint that answers a chat with this, for 40 tokens in and 6 out. */
export function chatAnswer(content: string): FakePlan {
  const message = { role: 'assistant', content };
  const choices = [{ index: 0, message, finish_reason: 'stop' }];
  const usage = { prompt_tokens: 40, completion_tokens: 6, total_tokens: 46 };
  return { pieces: [JSON.stringify({ id: 'chatcmpl-1', choices, usage })] };
}

/** Every file of the server's data, with its bytes; sockets are none. */
export async function filesIn({ dataDirectory }: TestServer): Promise<ReadonlyMap<string, Buffer>> {
  const files = new Map<string, Buffer>();
  for (const file of await readdir(dataDirectory, { recursive: true })) {
    const bytes = await readFile(path.join(dataDirectory, file)).catch(() => null);
    if (bytes !== null) files.set(file, bytes);
  }
  return files;
}

/** Parsed and checked as a stranger would, with nothing but the log's keys. */
export function judgeProof({ services }: Pick<TestServer, 'services'>, proof: object): string {
  const { signer, logOrigin } = services;
  const parsed = parseRequestProof(utf8(JSON.stringify(proof)));
  if (!parsed.ok) return parsed.refusal.got;
  const checked = checkRequestProof(parsed.value, logVerifierKeys(signer, logOrigin));
  return checked.ok ? 'holds' : checked.refusal.code;
}
