import { designate as contract } from '@breakwater/contract';
import {
  canonicalJson,
  fromUtf8,
  type Id,
  type Json,
  ok,
  type Result,
  refuse,
} from '@breakwater/kernel';
import { pageFrom, parseCursor } from '../../../page.ts';
import { newId } from '../../../platform/clock/clock.ts';
import { partyOf, sealed } from '../../../platform/commands/audience.ts';
import { notYetSigned } from '../../../platform/journal/not-yet-signed.ts';
import { type Call, notFound, type Route, responseOf, route } from '../../../route.ts';
import type { Services } from '../../../services.ts';
import { carryOut, developerOf, fileOf } from './act.ts';
import { cut } from './assessment.ts';
import { writeAudiences, writeRuleAudience } from './audiences.ts';
import { bundle, bundleKey, commitEngagement, takeIn } from './bundles.ts';
import { attachRun, evaluate, ruleAct } from './evaluate.ts';
import { enteredAct } from './keep.ts';
import type { Command } from './model.ts';
import type { DesignateNeeds } from './needs.ts';
import { noSuchParty, openFile, reExamine } from './open.ts';
import { unknownAmong } from './party-store.ts';
import { refusals } from './refusals.ts';
import { decideRule, sealed as ruleText } from './rule.ts';
import { findRule, insertRule, listRules } from './rule-store.ts';
import {
  findFile,
  listAssessments,
  listDeterminations,
  listFiles,
  partsOf,
  revise,
  setSeers,
} from './store.ts';
import {
  assessmentView,
  determinationViews,
  figuresIn,
  fileView,
  ruleView,
  summaries,
} from './views.ts';

/** The operations by which a model is designated, from the rule to the bundle. */
export function designationRoutes(services: Services, needs: DesignateNeeds): readonly Route[] {
  return [
    ...readingRoutes(services, needs),
    ...fileRoutes(services, needs),
    route(contract.registerRule, (call) => registerRule(services, call)),
    route(contract.openFile, (call) => openFile(services, needs, call)),
    route(contract.reExamine, (call) => reExamine(services, needs, call)),
    route(contract.alterSeers, (call) => alterSeers(services, needs, call)),
    route(contract.commitEngagement, (call) => commitEngagement(services, call)),
    route(contract.bundle, (call) => bundle(services, call)),
    route(contract.bundleKey, async () => ok({ key: bundleKey(services) })),
    route(contract.takeIn, (call) => takeIn(services, needs, call)),
  ];
}

function readingRoutes(services: Services, needs: DesignateNeeds): readonly Route[] {
  const { database } = services;
  const proofOf = async (subject: string, act: string) => {
    const disclosed = await needs.disclosureOf(subject, act);
    return disclosed === null ? refuse(notYetSigned(services.logCadenceMs)) : ok(disclosed);
  };
  return [
    route(contract.rules, async ({ query, actor }) => {
      const page = { after: parseCursor(query.after), limit: query.limit };
      const rows = await database.read((r) => listRules(r, actor, page));
      const views = rows.map((row) => ruleView(services, needs, row));
      return ok(pageFrom(rows, query.limit, await Promise.all(views)));
    }),
    route(contract.rule, async ({ params }) => {
      const row = await database.read((r) => findRule(r, params.rule));
      return row === null ? notFound('a rule') : ok(await ruleView(services, needs, row));
    }),
    route(contract.ruleProof, ({ params }) => proofOf(params.rule, ruleAct)),
    route(contract.files, async ({ query, actor }) => {
      const page = { after: parseCursor(query.after), limit: query.limit };
      const of = { ...page, matter: query.engagement ?? null };
      const rows = await database.read((r) => listFiles(r, actor, of));
      return ok(pageFrom(rows, query.limit, await summaries(services, rows)));
    }),
    route(contract.file, async ({ params }) => {
      const view = await fileView(services, needs, params.file);
      return view === null ? notFound('a file') : ok(view);
    }),
    route(contract.acts, async ({ params, actor, level }) =>
      ok({ items: await needs.actsOn(params.file, { actor, level }) }),
    ),
    route(
      contract.actProof,
      async ({ params: { file: subject, entry }, actor }) =>
        await needs.proofOf({ entry, subject }, actor),
    ),
    route(contract.determinations, async ({ query, actor }) => {
      const page = { after: parseCursor(query.after), limit: query.limit };
      const of = { ...page, matter: query.engagement ?? null };
      const rows = await database.read((r) => listDeterminations(r, actor, of));
      return ok(pageFrom(rows, query.limit, await determinationViews(services, rows)));
    }),
    route(contract.determinationProof, ({ params }) => proofOf(params.determination, enteredAct)),
    route(contract.assessments, async ({ params, query, actor }) => {
      const page = { after: parseCursor(query.after), limit: query.limit };
      const of = { ...page, engagement: params.engagement };
      const rows = await database.read((r) => listAssessments(r, actor, of));
      const views = rows.map((row) => assessmentView(services, row));
      return ok(pageFrom(rows, query.limit, await Promise.all(views)));
    }),
  ];
}

type InFile = { file: Id<'file'> };

function fileRoutes(services: Services, needs: DesignateNeeds): readonly Route[] {
  /** A command in a file, with a text that becomes part of it. */
  async function inFile<R extends InFile>(
    call: Pick<Call<typeof contract.dissent>, 'actor' | 'permissions' | 'envelope' | 'params'>,
    how: {
      readonly text?: { readonly text: string; readonly name: string };
      command(file: Id<'file'>): { readonly command: Command; readonly response: R };
    },
  ): Promise<Result<R>> {
    const { text } = how;
    const ref =
      text === undefined ? undefined : await services.content.putText(text.text, text.name);
    const executed = await services.execute<InFile>(call.envelope, async (tx, now) => {
      const file = await fileOf(tx, call.params.file);
      if (!file.ok) return file;
      const { id, matter } = file.value;
      const { command, response } = how.command(id);
      const also = ref === undefined ? {} : { text: ref };
      const done = await carryOut({ tx, now, needs }, call, { place: { matter }, command, also });
      return done.ok ? ok({ ...done.value, response }) : done;
    });
    return responseOf(executed) as Result<R>; // what `command` answered, kept under its key
  }
  return [
    route(contract.attachRun, (call) => attachRun(services, needs, call)),
    route(contract.evaluate, (call) => evaluate(services, needs, call)),
    route(contract.dissent, (call) =>
      inFile(call, {
        text: { text: call.body.text, name: 'dissent.txt' },
        command: (file) => ({ command: { act: 'dissent', file }, response: { file } }),
      }),
    ),
    route(contract.consult, (call) =>
      inFile(call, {
        command(file) {
          const consultation = newId('consultation');
          const command = { act: 'record-consultation', file, consultation, ...call.body } as const;
          return { command, response: { file, consultation } };
        },
      }),
    ),
    route(contract.determine, (call) =>
      inFile(call, {
        command(file) {
          const determination = newId('determination');
          const command = {
            act: 'enter-determination',
            file,
            determination,
            ...call.body,
          } as const;
          return { command, response: { file, determination } };
        },
      }),
    ),
    route(contract.tell, async (call) => {
      const { evaluation, parts } = call.body;
      const told = await toldOf(services, needs, call);
      if (!told.ok) return told;
      return await inFile(call, {
        text: { text: told.value, name: 'assessment.json' },
        command(file) {
          const assessment = newId('assessment');
          const command = { act: 'tell', file, assessment, evaluation, parts } as const;
          return { command, response: { file, assessment } };
        },
      });
    }),
  ];
}

/** DES-13: the chosen parts of an evaluation of this file, as text. */
async function toldOf(
  services: Services,
  needs: DesignateNeeds,
  { params, body }: Call<typeof contract.tell>,
): Promise<Result<string>> {
  const { row, developer } = await services.database.read(async (r) => {
    const { evaluations } = await partsOf(r, [params.file]);
    const file = await findFile(r, params.file);
    return {
      row: evaluations.find(({ id }) => id === body.evaluation),
      developer: file === null ? null : await developerOf(needs)(r, file.matter),
    };
  });
  if (row === undefined) return refuse(refusals.noSuchEvaluation);
  if (developer === null) return refuse(noDeveloper);
  const figures = await figuresIn(services.content, row.figures_content);
  if (figures === null) return refuse(refusals.noSuchEvaluation);
  return ok(fromUtf8(canonicalJson(cut(figures, body.parts) as Json))); // JSON as it was kept
}

type Registered = { rule: Id<'rule'>; digest: string };

/** DES-2: registers a rule; its digest goes into the log with the same commit. */
async function registerRule(
  services: Services,
  { actor, body, envelope }: Call<typeof contract.registerRule>,
): Promise<Result<Registered>> {
  const decided = decideRule(body.document);
  if (!decided.ok) return decided;
  const { text, digest } = ruleText(body.document);
  const ref = await services.content.putText(text, 'rule.json');
  const executed = await services.execute<Registered>(envelope, async (tx, at) => {
    if ((await unknownAmong(tx, body.seers)).length > 0) return refuse(noSuchParty);
    const id = newId('rule');
    const row = { id, party: partyOf(actor), digest, document_content: ref.id, at };
    await insertRule(tx, row, body.seers);
    await writeRuleAudience(tx, id);
    return ok({
      events: [{ act: ruleAct, subject: id, data: { rule: id, digest, content: ref.id } }],
      contents: [{ ref, subject: id, level: sealed }],
      response: { rule: id, digest },
    });
  });
  return responseOf(executed);
}

/** DES-12: who sees a file beside its keeper and the official. */
async function alterSeers(
  services: Services,
  needs: DesignateNeeds,
  { actor, params, body, envelope }: Call<typeof contract.alterSeers>,
): Promise<Result<InFile>> {
  const executed = await services.execute<InFile>(envelope, async (tx) => {
    const file = await findFile(tx, params.file);
    if (file === null) return notFound('a file');
    if (file.keeper !== actor.id) return refuse(keeperAlone);
    if ((await unknownAmong(tx, body.seers)).length > 0) return refuse(noSuchParty);
    await setSeers(tx, file.id, body.seers);
    await revise(tx, file.id);
    await writeAudiences(tx, file, developerOf(needs));
    const data = { file: file.id, seers: [...body.seers] };
    const event = { act: 'designate.seers-altered', subject: file.id, data };
    return ok({ events: [event], response: { file: file.id } });
  });
  return responseOf(executed);
}

const keeperAlone = {
  code: 'keeper-alone',
  expected: 'the keeper of the file',
  got: 'another party',
  todo: 'ask the keeper to do it',
} as const;
const noDeveloper = {
  code: 'no-developer',
  expected: 'a file on an engagement of this installation',
  got: 'one by a commitment, whose developer is elsewhere',
  todo: 'nothing leaves but the bundle',
} as const;
