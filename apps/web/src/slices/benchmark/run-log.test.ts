import { makeId } from '@breakwater/kernel';
import { afterEach, expect, test, vi } from 'vitest';
import { runSource } from './run-log.ts';

afterEach(() => vi.unstubAllGlobals());

const run = makeId('run', new Uint8Array(26));
const log = Uint8Array.from({ length: 3_000_000 }, (_, at) => at % 251);

function serve(status: number): string[] {
  const asked: string[] = [];
  vi.stubGlobal('fetch', (address: string, { headers }: { headers: { range: string } }) => {
    asked.push(`${address} ${headers.range}`);
    const [, from = '', to = ''] = /^bytes=(\d+)-(\d+)$/.exec(headers.range) ?? [];
    return Promise.resolve(new Response(log.slice(Number(from), Number(to) + 1), { status }));
  });
  return asked;
}

test('a log on the server is read by ranges, what lies near in one', async () => {
  const asked = serve(206);
  const source = runSource({ run, size: log.length });
  for (const [start, end] of [
    [2_999_990, 3_000_000],
    [100, 4_196],
    [4_196, 8_000],
    [50, 60],
  ] as const) {
    expect(await source.read(start, end)).toEqual(log.slice(start, end));
  }
  expect(asked).toEqual([
    `/v1/runs/${run}/log bytes=2999990-2999999`,
    `/v1/runs/${run}/log bytes=100-1048675`,
    `/v1/runs/${run}/log bytes=50-1048625`,
  ]);
});

test.each([404, 416, 200])(
  'an answer of %i to a range is not taken for its bytes',
  async (status) => {
    serve(status);
    const source = runSource({ run, size: log.length });
    await expect(source.read(5, 10)).rejects.toThrow(`answered ${status} for bytes 5 to`);
  },
);
