import {
  type Body,
  gatewayJobs as contract,
  type JobCall,
  leftOutWhys,
  type Output,
} from '@breakwater/contract';
import { fromBase64, ok, type Result, refuse } from '@breakwater/kernel';
import { z } from 'zod';
import { pageFrom, parseCursor } from '../../../../page.ts';
import { newId } from '../../../../platform/clock/clock.ts';
import { sealed } from '../../../../platform/commands/audience.ts';
import type { ContentRef } from '../../../../platform/content/content.ts';
import { forget } from '../../../../platform/directory/forget.ts';
import { type Call, notFound, type Route, responseOf, route } from '../../../../route.ts';
import type { Services } from '../../../../services.ts';
import { isCutOff } from '../cut/store.ts';
import { lookAt } from '../keys/look.ts';
import { refusals as ofKeys } from '../keys/refusals.ts';
import { findKey } from '../keys/store.ts';
import type { GatewayNeeds } from '../needs.ts';
import { archiveUnreadable, inputsDiffer, openMax, refusals } from './refusals.ts';
import { readRepository } from './repository.ts';
import {
  type CallRow,
  callsOf,
  countOpen,
  findJob,
  findTemplate,
  insertJob,
  type JobRow,
  listJobs,
  type TemplateRow,
  type TemplateWords,
} from './store.ts';
import { templateRoutes, templateWords } from './templates.ts';

/** Templates and jobs. A job is there for the party that handed it in, and for nobody else. */
export function jobRoutes(services: Services, needs: GatewayNeeds): readonly Route[] {
  const { database } = services;
  return [
    ...templateRoutes(services, needs),
    route(contract.submitJob, (call) => submit(services, needs, call)),
    route(contract.jobs, async ({ actor, query }) => {
      const page = { after: parseCursor(query.after), limit: query.limit };
      const of = { party: actor.id, key: query.gkey ?? null };
      const [rows, calls] = await database.read(async (r) => {
        const found = await listJobs(r, of, page);
        const ids = found.map(({ id }) => id);
        return [found, Map.groupBy(await callsOf(r, ids), ({ job }) => job)] as const;
      });
      const views = rows.map((row) => jobView(row, (calls.get(row.id) ?? []).map(callView)));
      return ok(pageFrom(rows, query.limit, views));
    }),
    route(contract.job, (call) => look(services, call)),
    route(contract.eraseJob, (call) => erase(services, call)),
  ];
}

type Submitted = Output<typeof contract.submitJob>;

/** GAT-51: what the template names and nothing else, by whoever has the key; a bound one in person. */
async function submit(
  services: Services,
  needs: GatewayNeeds,
  { actor, body, params, member, session, envelope }: Call<typeof contract.submitJob>,
): Promise<Result<Submitted>> {
  const { content, database } = services;
  const asked = await database.read(async (r) => ({
    key: await findKey(r, params.gkey),
    template: await findTemplate(r, body.template),
  }));
  if (asked.key === null) return notFound('a key');
  if (asked.key.party !== actor.id) return refuse(refusals.holderAlone);
  const words = await wordsFor(services, asked);
  if (words === null) return refuse(refusals.noSuchTemplate);
  const fitting = fit(words, body);
  if (!fitting.ok) return fitting;
  const given = await filesOf(services, words, body.repository);
  if (!given.ok) return given;
  const { portions, files } = given.value;
  const inputs = await content.putText(JSON.stringify(body.inputs), 'inputs.json');
  const executed = await services.execute<Submitted>(envelope, async (tx, now) => {
    const key = await findKey(tx, params.gkey);
    if (key === null) return notFound('a key');
    const { missing, stand } = await lookAt(tx, { content, needs }, { key, now });
    if (missing.length > 0 || stand === null) return refuse(refusals.notActive);
    // A grant of early access is one person's; of a partnership any member hands in for its party.
    const { of, developer } = stand;
    const isOwn = of === null || member === of.member || member === of.person;
    if (!isOwn) return refuse(refusals.personAlone);
    // No proof of possession comes with a job: who holds the key is asked for instead.
    const holders: readonly unknown[] = [key.holder, key.issued_by, of?.person];
    const isInPerson = session !== null && member !== null && holders.includes(member);
    if (key.proof !== 'none' && !isInPerson) return refuse(refusals.inPerson);
    if (await isCutOff(tx, member, [key.party, developer])) return refuse(ofKeys.cutOff);
    if (!isRun(await findTemplate(tx, body.template), key)) return refuse(refusals.noSuchTemplate);
    if ((await countOpen(tx, key.id)) >= openMax) return refuse(refusals.tooManyJobs);
    const id = newId('job');
    const row = { id, key: key.id, template: body.template, party: key.party, at: now };
    const read = portions.map((portion) => portion.id);
    await insertJob(
      tx,
      { ...row, inputs_content: inputs.id, files_content: files?.id ?? null },
      read,
    );
    const data = { job: id, key: key.id, template: body.template, inputs: inputs.id };
    const ofFiles = files === null ? {} : { files: files.id, portions: read };
    const kept = [inputs, ...portions, ...(files === null ? [] : [files])];
    return ok({
      events: [{ act: 'gateway.job-submitted', subject: key.id, data: { ...data, ...ofFiles } }],
      contents: kept.map((ref) => ({ ref, subject: id, level: sealed })),
      response: { job: id },
    });
  });
  return responseOf(executed);
}

function isRun(template: TemplateRow | null, key: { readonly scope: string }): boolean {
  return template?.scope === key.scope && template.withdrawn_at === null;
}

interface Chosen {
  readonly key: { readonly scope: string } | null;
  readonly template: TemplateRow | null;
}

async function wordsFor(
  services: Services,
  { key, template }: Chosen,
): Promise<TemplateWords | null> {
  if (key === null || template === null || !isRun(template, key)) return null;
  return await templateWords(services, template);
}

/** Which paths each call reads, and what none does. */
const Files = z.object({
  portions: z.array(z.array(z.string())),
  leftOut: z.array(z.object({ path: z.string(), why: z.enum(leftOutWhys) })),
});

interface Kept {
  readonly portions: readonly ContentRef[];
  readonly files: ContentRef | null;
}

/** Reads an archive, and keeps what calls read of it; the archive itself is not kept. */
async function filesOf(
  { content }: Services,
  { repository }: TemplateWords,
  archive: string | undefined,
): Promise<Result<Kept>> {
  if (repository === undefined || archive === undefined) return ok({ portions: [], files: null });
  const bytes = fromBase64(archive);
  if (bytes === null) return refuse(archiveUnreadable('something else'));
  const read = await readRepository(bytes, repository);
  if (!read.ok) return read;
  const portions: ContentRef[] = [];
  for (const portion of read.value.portions) {
    portions.push(await content.putText(JSON.stringify(portion), `files-${portion.part}.json`));
  }
  const files: z.infer<typeof Files> = {
    portions: read.value.portions.map((each) => each.files.map(({ path }) => path)),
    leftOut: [...read.value.leftOut],
  };
  return ok({ portions, files: await content.putText(JSON.stringify(files), 'files.json') });
}

/** Each field once, none beside them, none longer than the developer reads; files where it reads any. */
function fit(
  { fields, repository }: TemplateWords,
  { inputs, repository: archive }: Body<typeof contract.submitJob>,
): Result<null> {
  if ((repository === undefined) !== (archive === undefined)) {
    const words = ['an archive', 'none'] as const;
    const [expected, got] = repository === undefined ? words.toReversed() : words;
    return refuse({ ...inputsDiffer(expected, got), pointer: '/repository' });
  }
  const named = new Set(fields.map(({ name }) => name));
  const [other] = Object.keys(inputs).filter((name) => !named.has(name));
  if (other !== undefined) return refuse(inputsDiffer('the fields of the template', other));
  for (const { name, charsMax } of fields) {
    const given = inputs[name];
    if (given === undefined) return refuse(inputsDiffer(`a field ${name}`, 'none'));
    if (given.length > charsMax) {
      return refuse(inputsDiffer(`${name} of ${charsMax} characters`, `${given.length}`));
    }
  }
  return ok(null);
}

/** What is told of a job to its party; where what was handed in is erased, no paths either. */
async function look(
  { database, content }: Services,
  { actor, params }: Call<typeof contract.job>,
): Promise<Result<Output<typeof contract.job>>> {
  const [row, rows] = await database.read(async (r) => {
    const found = await findJob(r, params.job, actor.id);
    return [found, found === null ? [] : await callsOf(r, [found.id])] as const;
  });
  if (row === null) return notFound('a job');
  const text = row.files_content === null ? null : await content.getText(row.files_content);
  const files = text === null ? null : Files.parse(JSON.parse(text));
  const calls = await Promise.all(
    rows.map(async (call) => ({
      ...callView(call),
      files: files?.portions[call.place - 1] ?? [],
      result: call.result_content === null ? null : await content.getText(call.result_content),
    })),
  );
  return ok({ ...jobView(row, calls), leftOut: files?.leftOut ?? [] });
}

type Erased = Output<typeof contract.eraseJob>;

/** GAT-53: what was handed in, and what came of it; what was recorded stays. */
async function erase(
  services: Services,
  { actor, params, envelope }: Call<typeof contract.eraseJob>,
): Promise<Result<Erased>> {
  const row = await services.database.read((r) => findJob(r, params.job, actor.id));
  if (row === null) return notFound('a job');
  if (row.ended_at === null) return refuse(refusals.stillRunning);
  const executed = await services.execute<Erased>(envelope, async (tx, now) => {
    const calls = await callsOf(tx, [row.id]);
    const contents = [
      ...[row.inputs_content, row.files_content],
      ...calls.flatMap(({ portion_content, result_content }) => [portion_content, result_content]),
    ].filter((id) => id !== null);
    const data = { job: row.id, contents };
    return ok({
      events: [{ act: 'gateway.job-erased', subject: row.key, data }],
      jobs: await forget(tx, contents, now),
      response: { job: row.id },
    });
  });
  return responseOf(executed);
}

function callView({ request, ended_at: endedAt }: CallRow): JobCall {
  return { request, endedAt };
}

function jobView<Each>(row: JobRow, calls: Each[]) {
  return {
    id: row.id,
    key: row.key,
    template: row.template,
    at: row.at,
    startedAt: row.started_at,
    endedAt: row.ended_at,
    endedAs: row.ended_as,
    code: row.code,
    calls,
  };
}
