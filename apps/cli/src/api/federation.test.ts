import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { wishes } from '@breakwater/contract';
import { recordPath, writeRecord } from '@breakwater/formats/interchange';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { morning, startTestServer } from '../../../server/test/harness.ts';
import { nothingWished } from '../../../server/test/wishing.ts';
import { fakeServer } from '../../test/fake-server.ts';
import { runCli } from '../../test/run-cli.ts';

let folder = '';
const at = (...names: string[]) => path.join(folder, ...names);
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'breakwater-federation-'));
});
afterEach(async () => await rm(folder, { recursive: true }));

const repository = 'https://github.com/acme/lib';
const optout = { kind: 'optout', repository, requestedAt: morning, reason: 'No.' } as const;
const name = 'f'.repeat(64);

test('DCF-60 a feed goes out as a folder, comes in elsewhere, and twice changes nothing', async () => {
  await using server = await startTestServer();
  const coordinator = await server.party('coordinator');
  const options = { server: server.address, key: coordinator.key };
  const body = { ...nothingWished, target: repository, optOut: { words: 'No.' } };
  const { wishes: id } = await coordinator.client.call(wishes.stateWishes, { body });
  const given = async () => (await runCli(['federation', 'export', folder], options)).out;
  expect(await given()).toBe('1 written, 0 as before, 0 removed\n');
  expect(await given()).toBe('0 written, 1 as before, 0 removed\n');
  const [file] = await readdir(at('optout'));
  expect(`optout/${file}`).toBe(recordPath(optout));
  await writeFile(at('README.md'), 'ours');
  await writeFile(at('optout', 'notes.txt'), 'ours');
  const taken = async () => {
    const words = ['federation', 'import', folder, '--feed', 'ours again'];
    return (await runCli(words, options)).out;
  };
  const told = 'not taken in: optout/notes.txt: its name is not that of a record\n';
  expect(await taken()).toBe(`1 added, 0 changed, 0 as before\n${told}`);
  expect(await taken()).toBe(`0 added, 0 changed, 1 as before\n${told}`);
  const params = { wishes: id };
  const reason = 'They changed their mind.';
  await coordinator.client.call(wishes.withdrawWishes, { params, body: { reason } });
  expect(await given()).toBe('0 written, 0 as before, 1 removed\n');
  expect(await readdir(at('optout'))).toEqual(['notes.txt']);
  expect(server.errors).toEqual([]);
});

test('links that a peer left are neither read nor written through', async () => {
  await writeFile(at('secret.json'), JSON.stringify(writeRecord(optout)));
  await mkdir(at('feed', 'optout'), { recursive: true });
  await symlink(at('secret.json'), at('feed', 'optout', `${name}.json`));
  await using server = await fakeServer({});
  const options = { server: server.address, key: 'bw_k' };
  const words = ['federation', 'import', at('feed'), '--feed', 'a peer'];
  const { code, out } = await runCli(words, options);
  expect([code, out]).toEqual([
    0,
    `0 added, 0 changed, 0 as before\nnot taken in: optout/${name}.json: not a plain file\n`,
  ]);
  await rm(at('feed', 'optout'), { recursive: true });
  await mkdir(at('elsewhere'));
  await symlink(at('elsewhere'), at('feed', 'optout'));
  expect((await runCli(words, options)).code).not.toBe(0);
});

test.each(['../../etc/passwd', '/etc/passwd', 'optout/../x.json', `claim/${name}.json`])(
  'a server that names %s as a place is not followed',
  async (place) => {
    const items = [{ path: place, record: {} }];
    await using server = await fakeServer({ 'GET /v1/federation/records': [200, { items }] });
    const options = { server: server.address, key: 'bw_k' };
    expect((await runCli(['federation', 'export', folder], options)).code).not.toBe(0);
    expect(await readdir(folder)).toEqual([]);
  },
);
