import { type Digest, type Id, type IdKind, type Instant, makeId } from '@breakwater/kernel';
import { manualClock } from '../../../../platform/clock/clock.ts';
import type { Admitted, KeyLimits, Upstream } from '../model.ts';
import type { Ended, MeterWish } from './model.ts';

/** An id that the same number gives again. */
export function idBy<K extends IdKind>(kind: K, n: number): Id<K> {
  // Of each byte five bits become a character.
  return makeId(
    kind,
    Uint8Array.from({ length: 26 }, (_, at) => Math.floor(n / 32 ** (25 - at)) % 32),
  );
}

const digest = `sha256:${'0'.repeat(64)}` as Digest; // has its form

export const start = '2026-03-02T10:00:30.000Z' as Instant; // is one

export const clockAt = () => manualClock(start);

export const upstream: Upstream = {
  id: idBy('upstream', 1),
  kind: 'openai',
  baseUrl: 'https://models.example',
  modelName: 'one',
  contextTokens: 100_000,
  outputMax: 10_000,
  concurrent: 100,
  prices: { currency: 'USD', inputMicros: 3_000_000, outputMicros: 15_000_000 },
  secret: idBy('content', 1),
};

/** A key with these limits, and with none where none is named. */
export function admittedBy(n: number, limits: Partial<KeyLimits>): Admitted {
  return {
    key: idBy('gkey', n),
    party: idBy('party', 1),
    holder: idBy('member', 1),
    grant: { kind: 'partner', tier: idBy('tier', 1), partner: idBy('partner', n) },
    gives: 'raw-access',
    model: idBy('model', 1),
    developer: idBy('party', 2),
    names: ['one'],
    upstreams: [upstream],
    limits: {
      outputTokensMax: 10_000,
      concurrency: 1_000,
      minute: {},
      day: {},
      grant: {},
      currency: 'USD',
      ...limits,
    },
    goodUntil: '2030-01-01T00:00:00.000Z' as Instant, // is one
    proof: { kind: 'none' },
    keeps: 'nothing',
    usageInStreams: 'as-asked',
  };
}

/** A request for 100 tokens in and `output` out. */
export function wishOf(n: number, output: number, startedAt: Instant = start): MeterWish {
  return {
    id: idBy('request', n),
    inputTokens: 100,
    outputTokens: { most: output, least: output },
    upstream,
    startedAt,
    path: 'chat',
    job: null,
    stream: true,
    salt: 'ab'.repeat(32),
    requestDigest: () => digest,
  };
}

export function endedAt(at: Instant): Ended {
  return { upstream, endedAt: at, status: 200, responseDigest: digest, marks: [] };
}
