import { randomBytes } from 'node:crypto';
import { cp, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { collect, record } from '@breakwater/contract';
import { toBase64, utf8 } from '@breakwater/kernel';
import { expect, test } from 'vitest';
import { openContentStore } from '../../apps/server/src/platform/content/content.ts';
import { openKeyStore } from '../../apps/server/src/platform/content/key-store.ts';
import { startTestServer, type TestServer } from '../../apps/server/test/harness.ts';
import { addRecipe, caseOf, expectHealthy, findingOf, refusalOf } from './story.ts';

test('what was erased is nowhere: not in the data directory, the database, its WAL or an older copy', async () => {
  await using server = await startTestServer();
  const canary = `canary${randomBytes(12).toString('hex')}`;
  const coordinator = await server.party('coordinator');
  const finder = await server.party('finder');
  await addRecipe(coordinator);
  const body = {
    ...findingOf({ title: `${canary} title` }),
    description: `${canary} described`,
    tool: `${canary} tool`,
    proof: toBase64(utf8(`${canary} proof`)),
  };
  const submitted = await finder.client.call(collect.submit, { body });
  caseOf(submitted);
  const params = { finding: submitted.finding };
  const before = await finder.client.call(collect.get, { params });
  expect(JSON.stringify(before)).toContain(canary);
  expect(before.contents.map((c) => c.name).sort()).toEqual([
    'facts.json',
    'proof.bin',
    'submission.json',
    'title.txt',
    'tool.txt',
  ]);
  const older = path.join(server.dataDirectory, '..', `older-${canary}`);
  await cp(path.join(server.dataDirectory, 'content'), older, { recursive: true });

  for (const { content } of before.contents) {
    await coordinator.client.call(record.erase, {
      params: { content },
      body: { reason: 'the reporter asked for it' },
    });
    expect(await refusalOf(finder.client.download(record.content, { params: { content } }))).toBe(
      'erased',
    );
  }
  const after = await finder.client.call(collect.get, { params });
  expect(after).toMatchObject({ title: '(erased)', tool: null, description: null, contents: [] });

  // The older copy has the ciphertext, and the key store has no key for it any more.
  const keys = await openKeyStore(path.join(server.dataDirectory, 'keys/content'));
  const restored = await openContentStore(older, keys);
  for (const { content } of before.contents) expect(await restored.get(content)).toBeNull();

  expect(await filesWith(canary, server)).toEqual([]);
  expect(await filesWith(canary, server, [older])).toEqual([]);

  // The scan finds a canary: one planted in a row, and one in a file.
  const planted = `planted${randomBytes(12).toString('hex')}`;
  await server.services.database.raw(
    `insert into platform.visibility (party, subject, level) values ('${planted}', 'x', 1)`,
  );
  await writeFile(path.join(server.dataDirectory, 'planted'), planted);
  const found = await filesWith(planted, server);
  expect(found.some((file) => file.endsWith('/planted'))).toBe(true);
  expect(found.length).toBeGreaterThan(1);
  expectHealthy(server);
});

/** Files that hold `canary` in the clear or in base64, in whatever the server keeps on disk. */
async function filesWith(
  canary: string,
  server: TestServer,
  places: readonly string[] = [server.dataDirectory, ...clusterOf()],
): Promise<string[]> {
  await server.services.database.raw('checkpoint');
  const forms = [canary, ...[0, 1, 2].map((shift) => base64At(canary, shift))];
  const found: string[] = [];
  for (const place of places) {
    for (const entry of await readdir(place, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const file = path.join(entry.parentPath, entry.name);
      const bytes = await readFile(file).catch(() => null); // the engine removed it meanwhile
      if (bytes !== null && forms.some((form) => bytes.includes(form))) found.push(file);
    }
  }
  return found;
}

/** How `text` looks inside base64 when `shift` bytes come before it in its group of three. */
function base64At(text: string, shift: number): string {
  const whole = Buffer.from('x'.repeat(shift) + text).toString('base64');
  return whole.slice(4, -4);
}

/** Where the PostgreSQL cluster keeps its files, WAL too; nothing on the embedded engine. */
function clusterOf(): string[] {
  const url = process.env['BREAKWATER_TEST_DATABASE'] === 'postgres' && process.env['DATABASE_URL'];
  const folder = url ? new URL(url).searchParams.get('host') : null;
  return folder === null ? [] : [path.join(folder, 'data')];
}
