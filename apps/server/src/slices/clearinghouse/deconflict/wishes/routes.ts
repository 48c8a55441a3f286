import { wishes as contract } from '@breakwater/contract';
import {
  fromBase64,
  type Id,
  type Instant,
  isZone,
  ok,
  type Result,
  refuse,
} from '@breakwater/kernel';
import { namesOf, parseTarget, type Target } from '@breakwater/scope';
import { pageFrom, parseCursor } from '../../../../page.ts';
import { partyOf, seesAllWork } from '../../../../platform/commands/audience.ts';
import type { Actor } from '../../../../platform/commands/commands.ts';
import { stale } from '../../../../platform/commands/revision.ts';
import { type Call, notFound, type Route, responseOf, route } from '../../../../route.ts';
import type { Services } from '../../../../services.ts';
import { renamesKnown } from '../names/facts.ts';
import { auditsAbout } from '../peers/store.ts';
import { controls } from './control.ts';
import { decideQuiet, maySpeak } from './decide.ts';
import { readWishesFile } from './from-file.ts';
import type { WishesNeeds } from './needs.ts';
import { programsAbout } from './program-views.ts';
import { sayNothing } from './said.ts';
import { keepSaid, saidInForm, speakerOf, state } from './state.ts';
import { findWishes, listWishes, wishesUnder, withdraw } from './store.ts';
import { wishesViews } from './views.ts';

/** The operations by which owners say what they wish, and everybody reads it. */
export function wishesRoutes(services: Services, needs: WishesNeeds): readonly Route[] {
  const { database } = services;
  return [
    route(contract.wishes, async ({ query, now }) => {
      const target = targetIn(query.target);
      if (!target.ok) return target;
      const names = namesOf(target.value, await renamesKnown(services));
      const rows = await database.read((r) => wishesUnder(r, names));
      return ok({
        target: target.value.text,
        items: await wishesViews(services, needs, { rows, now }),
        programs: await programsAbout(services, target.value),
        audits: await auditsAbout(services, target.value),
      });
    }),
    route(contract.listWishes, async ({ query, actor, now }) => {
      const page = { after: parseCursor(query.after), limit: query.limit };
      const party = seesAllWork(actor) ? null : actor.id;
      const rows = await database.read((r) => listWishes(r, party, page));
      const shown = rows.slice(0, query.limit);
      return ok(
        pageFrom(rows, query.limit, await wishesViews(services, needs, { rows: shown, now })),
      );
    }),
    route(contract.stateWishes, (call) => stateWishes(services, call)),
    route(contract.previewWishes, async ({ body, now }) => {
      const bytes = fromBase64(body.file) ?? new Uint8Array();
      return readWishesFile({ form: body.form, bytes, from: body.from, now });
    }),
    route(contract.importWishes, (call) => importWishes(services, call)),
    route(contract.withdrawWishes, (call) => withdrawWishes(services, call)),
  ];
}

/** A target as somebody wrote it. */
export function targetIn(text: string): Result<Target, 'target-malformed'> {
  const parsed = parseTarget(text);
  if (parsed.ok) return parsed;
  return refuse({ ...parsed.refusal, code: 'target-malformed', pointer: '/target' });
}

async function stateWishes(
  services: Services,
  { actor, body, envelope, now }: Call<typeof contract.stateWishes>,
): Promise<Result<{ wishes: Id<'wishes'>; revision: number }>> {
  const target = targetIn(body.target);
  if (!target.ok) return target;
  const allowed = await mayState(services, { actor, target: target.value, at: now });
  if (!allowed.ok) return allowed;
  const party = partyOf(actor);
  const kept = await keepSaid(services.content, saidInForm(target.value, body));
  const executed = await services.execute(envelope, async (tx, at) => {
    const quiet = decideQuiet(body.quiet, { isZone, now: at });
    if (!quiet.ok) return quiet;
    const statement = {
      ...kept,
      party,
      form: 'form',
      target: target.value,
      speaker: speakerOf(services.content, party),
      expiresAt: null,
      optedOut: body.optOut === null ? null : 'now',
      quiet: body.quiet,
      showPace: body.showPace,
    } as const;
    return await state(tx, statement, { now: at, ifRevision: body.ifRevision });
  });
  return responseOf(executed);
}

async function importWishes(
  services: Services,
  { actor, body, envelope, now }: Call<typeof contract.importWishes>,
): Promise<Result<{ wishes: Id<'wishes'>; revision: number }>> {
  const { form, from } = body;
  const target = targetIn(body.target);
  if (!target.ok) return target;
  const allowed = await mayState(services, { actor, target: target.value, at: now });
  if (!allowed.ok) return allowed;
  const read = readWishesFile({
    form,
    bytes: fromBase64(body.file) ?? new Uint8Array(),
    from,
    now,
  });
  if (!read.ok) return read;
  const { channels, policies, quoted, notes, expiresAt } = read.value;
  const said = { ...sayNothing(target.value.text, from), channels, policies, quoted, notes };
  const kept = await keepSaid(services.content, said);
  const executed = await services.execute(envelope, async (tx, at) => {
    const statement = {
      ...kept,
      party: partyOf(actor),
      form,
      target: target.value,
      speaker: speakerOf(services.content, from),
      expiresAt,
      optedOut: null,
      quiet: [],
      showPace: false,
    };
    return await state(tx, statement, { now: at });
  });
  return responseOf(executed);
}

/** DCF-50: who controls a target speaks for it; a coordinator speaks, and is shown to have. */
async function mayState(
  { database }: Services,
  of: { readonly actor: Actor; readonly target: Target; readonly at: Instant },
): Promise<Result<null, 'control-unproven'>> {
  const { actor, target, at } = of;
  const inControl = await database.read((r) => controls(r, actor.id, { target, at }));
  return maySpeak({ controls: inControl, coordinator: seesAllWork(actor) });
}

async function withdrawWishes(
  services: Services,
  { actor, params, body, envelope }: Call<typeof contract.withdrawWishes>,
): Promise<Result<{ revision: number }>> {
  const reason = await services.content.putText(body.reason, 'reason.txt');
  const executed = await services.execute<{ revision: number }>(envelope, async (tx, now) => {
    const row = await findWishes(tx, params.wishes);
    if (row === null || (row.party !== actor.id && !seesAllWork(actor))) {
      return notFound('a statement of wishes');
    }
    const changed = stale(body.ifRevision, row.revision);
    if (changed !== null) return refuse(changed);
    if (row.withdrawn_at !== null) return refuse(alreadyWithdrawn);
    await withdraw(tx, row.id, now);
    return ok({
      events: [
        { act: 'deconflict.wishes-withdrawn', subject: row.id, data: { reason: reason.id } },
      ],
      contents: [{ ref: reason, subject: row.id, level: 1 }],
      response: { revision: row.revision + 1 },
    });
  });
  return responseOf(executed);
}

const alreadyWithdrawn = {
  code: 'already-withdrawn',
  expected: 'wishes that stand',
  got: 'ones that were withdrawn',
  todo: 'nothing: they are gone',
} as const;
