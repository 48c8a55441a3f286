import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { coordinate, record } from '@breakwater/contract';
import { canonicalJson, type Json, toBase64 } from '@breakwater/kernel';
import { formatVerifierKey } from '@breakwater/log';
import { describe, expect, test } from 'vitest';
import { logVerifierKeys } from '../../apps/server/src/platform/journal/log-keys.ts';
import { startTestServer } from '../../apps/server/test/harness.ts';
import { addRecipe, caseOf, handIn } from '../journeys/story.ts';

const folder = path.join(import.meta.dirname, 'go');
/** Go is installed and its module can be had. */
const hasGo = spawnSync('go', ['mod', 'download'], { cwd: folder }).status === 0;

/** Runs the Go project's own note and tree code on a disclosure; answers with what it says. */
function checkInGo(disclosure: object): string {
  const run = spawnSync('go', ['run', '.'], {
    cwd: folder,
    input: JSON.stringify(disclosure),
    encoding: 'utf8',
  });
  if (run.error !== undefined) throw run.error;
  return `${run.stdout}${run.status === null ? run.stderr : ''}`.trim();
}

describe.skipIf(!hasGo)('a disclosed entry, checked by golang.org/x/mod/sumdb (needs go)', () => {
  test('holds as it was disclosed, and not with one byte changed', async () => {
    await using server = await startTestServer();
    const coordinator = await server.party('coordinator');
    await addRecipe(coordinator);
    const caseId = caseOf(await handIn(await server.party('finder'), { title: 'Overflow' }));
    const params = { case: caseId };
    await coordinator.client.call(coordinate.say, { params, body: { text: 'Seen.' } });
    for (let tick = 0; tick < 3; tick++) await server.services.sequencer.tick();
    const { items } = await coordinator.client.call(record.timeline, { params });
    const said = items.find((item) => item.act === 'coordinate.said');
    if (said === undefined) throw new Error('expected the message on the timeline');
    const disclosure = await coordinator.client.call(record.disclose, {
      params: { entry: said.entry },
    });
    const { signer, logOrigin } = server.services;
    const key = logVerifierKeys(signer, logOrigin).map(formatVerifierKey).at(-1);
    const canonical = toBase64(canonicalJson(disclosure.content as Json)); // parsed from JSON
    const given = { ...disclosure, key, canonical };
    expect(checkInGo(given)).toBe('holds');
    const changed = { ...given, salt: toBase64(new Uint8Array(randomBytes(32))) };
    expect(checkInGo(changed)).toMatch(/^does not hold/);
  });
});
