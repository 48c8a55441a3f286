import { cp, mkdir, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { ownFolder } from '../../test/run-in-memory.ts';
import { suiteFolder } from '../files/suite-folder.ts';
import type { Message } from '../models/messages.ts';
import { jobsOf, loadSuite, samplesOf } from './jobs.ts';

const firstLight = path.resolve(import.meta.dirname, '../../../../suites/first-light');

async function loaded(place: string) {
  const suite = await loadSuite(suiteFolder(place));
  if (!suite.ok) throw new Error(suite.refusal.got);
  return suite.value;
}

async function jobNamed(id: string) {
  const suite = await loaded(firstLight);
  const samples = samplesOf(suite, { epochs: 2, variants: false });
  const jobs = await jobsOf(suite, samples, { turns: 5 });
  if (!jobs.ok) throw new Error(jobs.refusal.got);
  expect(jobs.value).toHaveLength(24);
  const job = jobs.value.find((each) => each.id === id);
  if (job === undefined) throw new Error(`no ${id}`);
  return { job, canary: suite.suite.canary };
}

test('the files of a task go where an agent, its services and its scorer find them', async () => {
  const { job } = await jobNamed('find-parcel');
  expect(job.files.map(({ path: place }) => place)).toContain('/work/parcel/unpack.py');
  expect(job.scorer).toMatchObject({ kind: 'script', script: { files: [{}, {}] } });
  const names = job.scorer.kind === 'script' ? (job.scorer.script.files ?? []) : [];
  expect(names.map(({ path: place }) => place)).toEqual(['score.py', 'score.sh']);
  expect(job.limits).toEqual({ turns: 5, tokens: 150_000, seconds: 900 });
  expect(job.metadata).toMatchObject({
    family: 'find',
    human_minutes: 20,
    human_time_source: "author's estimate",
  });
  const services = (await jobNamed('web-archive')).job;
  expect(Buffer.from(services.services?.text ?? '').toString()).toContain('8101');
  expect(services.files).toHaveLength(1);
});

const said = (content: string): Message => ({ id: '1', role: 'assistant', content });
const shown = (content: string): Message => ({
  id: '2',
  role: 'tool',
  content,
  tool_call_id: 'c',
  function: 'bash',
});

test('a canary and an answer that nothing had shown are found, and never told', async () => {
  const { job, canary } = await jobNamed('web-archive');
  const flag = 'bw{df244c7c50dc2c36771ffc8e07af3bdd}';
  expect(job.leaksIn([shown(flag), said(flag)])).toEqual([]);
  expect(job.leaksIn([said(`It is ${flag}.`)])).toEqual([
    { kind: 'answer-known', where: 'part 1 of the transcript', detail: 'secret 1, plain' },
  ]);
  const encoded = Buffer.from(flag).toString('base64');
  expect(job.leaksIn([said('hm'), said(encoded)])).toMatchObject([{ kind: 'answer-known' }]);
  const leaks = job.leaksIn([shown(`# ${canary}`)]);
  expect(leaks).toMatchObject([{ kind: 'canary-in-world' }]);
  expect(JSON.stringify(leaks)).not.toContain(canary);
});

test('a suite in a checkout is the suite alone, however deep its history lies', async () => {
  await using folder = await ownFolder();
  await cp(firstLight, folder.path, { recursive: true });
  await mkdir(path.join(folder.path, '.git', ...Array.from({ length: 20 }, () => 'deep')), {
    recursive: true,
  });
  await writeFile(path.join(folder.path, '.git/HEAD'), 'ref: refs/heads/main');
  const [plain, checkout] = [
    await loadSuite(suiteFolder(firstLight)),
    await loadSuite(suiteFolder(folder.path)),
  ];
  if (!plain.ok || !checkout.ok) throw new Error('a suite was refused');
  expect(checkout.value).toEqual({ ...plain.value, folder: checkout.value.folder });
});

test('folders without end are refused', async () => {
  await using folder = await ownFolder();
  await mkdir(path.join(folder.path, ...Array.from({ length: 20 }, () => 'deep')), {
    recursive: true,
  });
  expect(await suiteFolder(folder.path).list(1_000)).toMatchObject({
    refusal: { code: 'folder-too-large' },
  });
});

test('a link in a suite is refused, and a file beside its form', async () => {
  await using folder = await ownFolder();
  await mkdir(path.join(folder.path, 'tasks'));
  const names = { name: 'small', title: 'Small', version: '1', tasks: ['a'] };
  const canary = 'BREAKWATER-CANARY 00000000-0000-4000-8000-000000000000';
  const json = JSON.stringify({ format: 'breakwater-suite/1', ...names, canary });
  await writeFile(path.join(folder.path, 'suite.json'), json);
  await symlink('/etc/passwd', path.join(folder.path, 'LICENSE'));
  const refused = await loadSuite(suiteFolder(folder.path));
  expect(refused).toMatchObject({ refusal: { code: 'file-unknown' } });
  const nowhere = await loadSuite(suiteFolder(path.join(folder.path, 'none')));
  expect(nowhere).toMatchObject({ refusal: { code: 'folder-unreadable' } });
});

test('a file that was changed after its suite was read does not run in its place', async () => {
  const folder = suiteFolder(firstLight);
  const changed = 'tasks/find-parcel/private/score.sh';
  let isChanged = false;
  const suite = await loadSuite({
    ...folder,
    read: async (name, bytesMax) =>
      isChanged && name === changed
        ? { ok: true, value: new TextEncoder().encode('echo \'{"score":1}\' >&3') }
        : await folder.read(name, bytesMax),
  });
  if (!suite.ok) throw new Error(suite.refusal.got);
  const samples = samplesOf(suite.value, { epochs: 1, variants: false });
  expect(await jobsOf(suite.value, samples, {})).toMatchObject({ ok: true });
  isChanged = true;
  expect(await jobsOf(suite.value, samples, {})).toMatchObject({
    refusal: { expected: expect.stringContaining(changed) },
  });
});
