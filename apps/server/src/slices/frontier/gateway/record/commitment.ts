import { hash } from 'node:crypto';
import { insideDomain, requestDomain } from '@breakwater/log';
import type { RequestRow } from './request-row.ts';

/** What is fixed of one request for good, and what opens it. */
export interface Commitment {
  /** Canonical JSON (RFC 8785) of what both sides are told; `inside` stands in it as a commitment. */
  readonly content: string;
  /** Canonical JSON of what the developer alone is told: its model and endpoint, and the marks. */
  readonly inside: string;
  /** 32 bytes: a leaf of its interval's tree. */
  readonly commitment: Buffer;
}

const domains = { request: Buffer.from(requestDomain), inside: Buffer.from(insideDomain) };
const salts = {
  request: Buffer.from('breakwater gateway request\n'),
  inside: Buffer.from('breakwater gateway inside\n'),
};

/** The salt of what both sides are told: made of the row's, so that it does not tell the other. */
export function requestSalt(salt: Uint8Array): Buffer {
  return sha256Of(salts.request, salt);
}

/** The salt of what the developer alone is told. */
export function insideSalt(salt: Uint8Array): Buffer {
  return sha256Of(salts.inside, salt);
}

/**
 * The commitment of a request (docs/log-format.md): SHA-256 over a fixed line, 32 bytes of salt and
 * its canonical JSON, in the form of an entry of the log. Pure. Written out with its keys in order
 * and hashed by the machine's own library, because every request pays for it: 10 µs here, against
 * some 50 by way of the packages, which give the same bytes.
 */
export function commitmentOf(row: RequestRow): Commitment {
  const salt = Buffer.from(row.salt, 'hex');
  const inside = JSON.stringify({
    marks: row.marks,
    model: row.model,
    process: row.process,
    upstream: row.upstream,
  });
  const content = JSON.stringify({
    currency: row.currency,
    developer: row.developer,
    endedAt: row.endedAt,
    figures: row.figures,
    holder: row.holder,
    id: row.id,
    inside: sha256Of(domains.inside, insideSalt(salt), Buffer.from(inside)).toString('hex'),
    job: row.job,
    key: row.key,
    party: row.party,
    path: row.path,
    requestDigest: row.requestDigest,
    reserved: inOrder(row.reserved),
    responseDigest: row.responseDigest,
    settled: inOrder(row.settled),
    standsOn: row.standsOn,
    startedAt: row.startedAt,
    status: row.status,
    stream: row.stream,
    v: 1,
  });
  const commitment = sha256Of(domains.request, requestSalt(salt), Buffer.from(content));
  return { content, inside, commitment };
}

function inOrder({ costMicros, inputTokens, outputTokens }: RequestRow['settled']) {
  return { costMicros, inputTokens, outputTokens };
}

function sha256Of(...parts: readonly Uint8Array[]): Buffer {
  return hash('sha256', Buffer.concat(parts), { outputEncoding: 'buffer' });
}
