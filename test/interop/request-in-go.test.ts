import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { canonicalJson, toBase64 } from '@breakwater/kernel';
import { formatRequestProof, type RequestProof } from '@breakwater/log';
import { describe, expect, test } from 'vitest';
import { vkey } from '../../packages/log/test/memory-log.ts';
import { proven } from '../../packages/log/test/proven-request.ts';

const folder = path.join(import.meta.dirname, 'go');
/** Go is installed and its module can be had. */
const hasGo = spawnSync('go', ['mod', 'download'], { cwd: folder }).status === 0;

function checkInGo(proof: RequestProof): string {
  const { salt, group, interval, entry } = JSON.parse(formatRequestProof(proof));
  const request = { salt, group, interval, canonical: toBase64(canonicalJson(proof.request)) };
  const canonical = toBase64(canonicalJson(proof.entry.content));
  const input = JSON.stringify({ ...entry, key: vkey, canonical, request });
  const run = spawnSync('go', ['run', '.'], { cwd: folder, input, encoding: 'utf8' });
  if (run.error !== undefined) throw run.error;
  return `${run.stdout}${run.status === null ? run.stderr : ''}`.trim();
}

describe.skipIf(!hasGo)(
  'a request of the gateway, checked by golang.org/x/mod/sumdb (needs go)',
  () => {
    test('GAT-40 holds as it was proven, and not with one number changed', async () => {
      const proof = await proven({ index: 2, size: 5, place: 700 });
      expect(checkInGo(proof)).toBe('holds');
      const changed = { ...proof, request: { ...proof.request, status: 500 } };
      expect(checkInGo(changed)).toMatch(/^does not hold: in its group/);
      const moved = { ...proof, interval: { ...proof.interval, place: 701 } };
      expect(checkInGo(moved)).toMatch(/^does not hold: in its interval/);
    });
  },
);
