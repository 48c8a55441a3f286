import { randomBytes } from 'node:crypto';
import type { Id } from '@breakwater/kernel';
import { newId } from '../src/platform/clock/clock.ts';
import { RequestRow } from '../src/slices/frontier/gateway/record/request-row.ts';
import { insertRequests } from '../src/slices/frontier/gateway/record/store.ts';
import type { TestServer } from './harness.ts';

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
