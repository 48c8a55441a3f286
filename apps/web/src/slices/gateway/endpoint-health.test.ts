import { GatewayRequest } from '@breakwater/contract';
import { expect, test } from 'vitest';
import { healthIn } from './endpoint-health.ts';

const id = (kind: string, digit: string) => `${kind}_${digit.repeat(26)}`;
const amounts = { inputTokens: 1, outputTokens: 1, costMicros: 1 };

const request = (
  minute: number,
  status: number,
  upstream: string | null,
  marks: readonly string[] = [],
) =>
  GatewayRequest.parse({
    id: id('request', '1'),
    key: id('gkey', '1'),
    holder: id('member', '1'),
    party: { id: id('party', '1'), name: 'Port of Alder' },
    developer: { id: id('party', '2'), name: 'Meridian Models' },
    standsOn: id('grant', '1'),
    startedAt: '2026-11-22T01:00:00.000Z',
    endedAt: `2026-11-22T01:0${minute}:00.000Z`,
    path: 'chat',
    job: null,
    stream: false,
    status,
    figures: 'upstream',
    reserved: amounts,
    settled: amounts,
    currency: 'USD',
    requestDigest: `sha256:${'0'.repeat(64)}`,
    responseDigest: null,
    inside: { model: id('model', '1'), upstream, process: 'a', marks },
    bodies: [],
  });

test('each endpoint is told by the newest requests that reached it', () => {
  const [one, two, three] = [id('upstream', '1'), id('upstream', '2'), id('upstream', '3')];
  const requests = [
    request(9, 200, one),
    request(8, 502, one),
    request(7, 400, one),
    request(6, 503, one),
    request(5, 200, two),
    request(5, 502, three, ['endpoint-nowhere']),
    request(4, 503, null),
    request(4, 200, three),
    request(3, 502, two, ['endpoint-nowhere']),
    { ...request(3, 500, one), inside: null },
  ];
  expect(Object.fromEntries(healthIn(requests))).toEqual({
    [one]: {
      requests: 4,
      good: 1,
      lastAt: '2026-11-22T01:09:00.000Z',
      lastBadAt: '2026-11-22T01:08:00.000Z',
      isNowhere: false,
    },
    [two]: {
      requests: 2,
      good: 1,
      lastAt: '2026-11-22T01:05:00.000Z',
      lastBadAt: '2026-11-22T01:03:00.000Z',
      isNowhere: false,
    },
    [three]: {
      requests: 2,
      good: 1,
      lastAt: '2026-11-22T01:05:00.000Z',
      lastBadAt: '2026-11-22T01:05:00.000Z',
      isNowhere: true,
    },
  });
});
