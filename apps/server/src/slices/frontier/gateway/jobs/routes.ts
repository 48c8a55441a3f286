import { gatewayJobs as contract, type GatewayJob, type Output } from '@breakwater/contract';
import { ok, type Result, refuse } from '@breakwater/kernel';
import { pageFrom, parseCursor } from '../../../../page.ts';
import { newId } from '../../../../platform/clock/clock.ts';
import { sealed } from '../../../../platform/commands/audience.ts';
import { forget } from '../../../../platform/directory/forget.ts';
import { type Call, notFound, type Route, responseOf, route } from '../../../../route.ts';
import type { Services } from '../../../../services.ts';
import { isCutOff } from '../cut/store.ts';
import { lookAt } from '../keys/look.ts';
import { refusals as ofKeys } from '../keys/refusals.ts';
import { findKey } from '../keys/store.ts';
import type { GatewayNeeds } from '../needs.ts';
import { inputsDiffer, openMax, refusals } from './refusals.ts';
import {
  countOpen,
  findJob,
  findTemplate,
  insertJob,
  type JobRow,
  listJobs,
  type TemplateWords,
} from './store.ts';
import { templateRoutes, templateWords } from './templates.ts';

/** Templates and jobs. A job is there for the party that handed it in, and for nobody else. */
export function jobRoutes(services: Services, needs: GatewayNeeds): readonly Route[] {
  const { database, content } = services;
  return [
    ...templateRoutes(services, needs),
    route(contract.submitJob, (call) => submit(services, needs, call)),
    route(contract.jobs, async ({ actor, query }) => {
      const page = { after: parseCursor(query.after), limit: query.limit };
      const of = { party: actor.id, key: query.gkey ?? null };
      const rows = await database.read((r) => listJobs(r, of, page));
      return ok(pageFrom(rows, query.limit, rows.map(jobView)));
    }),
    route(contract.job, async ({ actor, params }) => {
      const row = await database.read((r) => findJob(r, params.job, actor.id));
      if (row === null) return notFound('a job');
      const result = row.result_content === null ? null : await content.getText(row.result_content);
      return ok({ ...jobView(row), result });
    }),
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
  const { content } = services;
  const inputs = await content.putText(JSON.stringify(body.inputs), 'inputs.json');
  const executed = await services.execute<Submitted>(envelope, async (tx, now) => {
    const key = await findKey(tx, params.gkey);
    if (key === null) return notFound('a key');
    if (key.party !== actor.id) return refuse(refusals.holderAlone);
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
    const template = await findTemplate(tx, body.template);
    const isRun = template?.scope === key.scope && template.withdrawn_at === null;
    const words = isRun ? await templateWords(services, template) : null;
    if (words === null) return refuse(refusals.noSuchTemplate);
    const fitting = fit(words, body.inputs);
    if (!fitting.ok) return fitting;
    if ((await countOpen(tx, key.id)) >= openMax) return refuse(refusals.tooManyJobs);
    const id = newId('job');
    await insertJob(tx, {
      id,
      key: key.id,
      template: body.template,
      party: key.party,
      inputs_content: inputs.id,
      at: now,
    });
    const data = { job: id, key: key.id, template: body.template, inputs: inputs.id };
    return ok({
      events: [{ act: 'gateway.job-submitted', subject: key.id, data }],
      contents: [{ ref: inputs, subject: id, level: sealed }],
      response: { job: id },
    });
  });
  return responseOf(executed);
}

/** Each field once, none beside them, and none longer than the developer reads. */
function fit({ fields }: TemplateWords, inputs: Readonly<Record<string, string>>): Result<null> {
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

type Erased = Output<typeof contract.eraseJob>;

/** GAT-53: what was handed in, and what came of it; what was recorded stays. */
async function erase(
  services: Services,
  { actor, params, envelope }: Call<typeof contract.eraseJob>,
): Promise<Result<Erased>> {
  const row = await services.database.read((r) => findJob(r, params.job, actor.id));
  if (row === null) return notFound('a job');
  if (row.ended_at === null) return refuse(refusals.stillRunning);
  const { inputs_content, result_content } = row;
  const contents = [inputs_content, ...(result_content === null ? [] : [result_content])];
  const executed = await services.execute<Erased>(envelope, async (tx, now) => {
    const data = { job: row.id, contents };
    return ok({
      events: [{ act: 'gateway.job-erased', subject: row.key, data }],
      jobs: await forget(tx, contents, now),
      response: { job: row.id },
    });
  });
  return responseOf(executed);
}

function jobView(row: JobRow): GatewayJob {
  return {
    id: row.id,
    key: row.key,
    template: row.template,
    at: row.at,
    startedAt: row.started_at,
    endedAt: row.ended_at,
    endedAs: row.ended_as,
    code: row.code,
    request: row.request,
  };
}
