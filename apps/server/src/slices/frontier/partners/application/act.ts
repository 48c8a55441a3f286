import type { PartnerVerdict } from '@breakwater/contract';
import { type Id, type Instant, ok, type Result } from '@breakwater/kernel';
import { sealed } from '../../../../platform/commands/audience.ts';
import type { Event as Entry, JobRequest } from '../../../../platform/commands/commands.ts';
import type { ContentRef } from '../../../../platform/content/content.ts';
import type { Transaction } from '../../../../platform/database/database.ts';
import type { Call } from '../../../../route.ts';
import type { Services } from '../../../../services.ts';
import { criteriaFor } from '../criteria/read.ts';
import { beginPartnership } from '../partnership/begin.ts';
import { type Caller, personOf } from '../sides.ts';
import { type As, asOf, notThere } from './access.ts';
import { decide } from './decide.ts';
import { evolve } from './evolve.ts';
import type { Application, By, Command, Event } from './model.ts';
import {
  type ApplicationRow,
  findApplication,
  insertInterest,
  insertKey,
  insertRound,
  insertSaid,
  markWithdrawn,
  stateOf,
  wholeOf,
  writeAnswer,
} from './store.ts';

/** A call about one application, by whoever may. */
export interface Acting extends Caller, Pick<Call<never>, 'envelope'> {
  readonly application: Id<'application'>;
  /** Of the link, where the applicant has no account. */
  readonly token?: string | undefined;
}

export interface Wish {
  readonly command: Command;
  /** Who may: to everybody else it is not there. */
  readonly by: readonly As[];
  /** What was said with it, already kept. */
  readonly text?: ContentRef | null;
}

export interface Done {
  readonly application: Id<'application'>;
  /** When an answer is promised for. */
  readonly promisedBy: Instant | null;
  readonly answer: PartnerVerdict | null;
}

/** Carries out one command on an application: one decision, one transaction, one entry each event. */
export async function act(
  services: Services,
  acting: Acting,
  { command, by: may, text = null }: Wish,
): Promise<Result<Done>> {
  const { application, token } = acting;
  const before = await services.database.read((r) => findApplication(r, application));
  if (before === null) return notThere(token);
  const criteria = await criteriaFor(services, before.criteria_version, before.asks);
  const executed = await services.execute<Done & { readonly [key: string]: string | null }>(
    acting.envelope,
    async (tx, now) => {
      const row = await findApplication(tx, application);
      const as = row === null ? null : asOf(row, acting, token);
      if (row === null || as === null || !may.includes(as)) return notThere(token);
      const by = byOf(as, acting);
      let state = stateOf(await wholeOf(tx, row), criteria);
      const decided = decide(state, command, { now, by });
      if (!decided.ok) return decided;
      const entries: Entry[] = [];
      for (const event of decided.value) {
        entries.push(...(await apply(tx, { row, state, by, text, now }, event)));
        state = evolve(state, event);
      }
      const round = state.rounds.at(-1);
      return ok({
        events: entries,
        contents: text === null ? [] : [{ ref: text, subject: row.id, level: sealed }],
        jobs: mailsAfter(row, decided.value),
        response: {
          application,
          promisedBy: round?.promisedBy ?? null,
          answer: round?.answer?.verdict ?? null,
        },
      });
    },
  );
  return executed.ok ? ok(executed.value.response) : executed;
}

/** As whom a caller decides. */
export function byOf(as: As, caller: Caller): By {
  if (as === 'applicant' || as === 'helper') return { as };
  return { as, party: caller.actor.id, member: personOf(caller) };
}

interface Applying {
  readonly row: ApplicationRow;
  /** Before the event. */
  readonly state: Application;
  readonly by: By;
  readonly text: ContentRef | null;
  readonly now: Instant;
}

/** Writes what an event says, and answers with its entries of the log. */
async function apply(tx: Transaction, at: Applying, event: Event): Promise<readonly Entry[]> {
  const { row, state, by, now } = at;
  const { id } = row;
  const entry = (data: Entry['data']): Entry[] => [
    { act: event.act, subject: id, data: { application: id, ...data } },
  ];
  switch (event.act) {
    case 'partners.added':
    case 'partners.asked': {
      const kind = event.act === 'partners.asked' ? 'question' : 'addition';
      const as = by.as === 'helper' ? 'applicant' : by.as;
      await insertSaid(tx, id, { place: state.said, by: as, kind, content: textOf(at), at: now });
      return entry({ by: by.as });
    }
    case 'partners.withdrawn':
      await markWithdrawn(tx, id, event.at);
      return entry({});
    case 'partners.appealed': {
      const { at: begun_at, promisedBy: promised_by } = event;
      const said = { place: state.said, by: 'applicant', kind: 'appeal', at: now } as const;
      await insertRound(tx, { application: id, round: 2, begun_at, promised_by });
      await insertSaid(tx, id, { ...said, content: textOf(at) });
      return entry({ promisedBy: promised_by });
    }
    case 'partners.interest-stated': {
      const { round, interest } = event;
      const place = state.rounds.flatMap(({ interests }) => interests).length;
      const content = at.text?.id ?? null;
      await insertInterest(tx, id, { place, round, ...interest, content, at: now });
      return entry({ round, ...interest });
    }
    case 'partners.key-turned': {
      const { round, key } = event;
      if (by.as === 'applicant' || by.as === 'helper') throw new Error('expected a side');
      const party = by.party as Id<'party'>; // of the caller, who is a party
      await insertKey(tx, id, { round, ...key, party, content: textOf(at), at: now });
      return entry({ round, ...key });
    }
    case 'partners.answered': {
      const { round, verdict } = event;
      await writeAnswer(tx, id, { round, verdict, at: event.at });
      if (verdict === 'decline') return entry({ round, verdict });
      const partner = await beginPartnership(tx, row, event.at);
      return entry({ round, verdict, partner });
    }
  }
}

function textOf({ text }: Applying): Id<'content'> {
  if (text === null) throw new Error('expected a text with it');
  return text.id;
}

/** PAR-14: who gave an address is told that there is something to read, and nothing else. */
function mailsAfter(row: ApplicationRow, events: readonly Event[]): readonly JobRequest[] {
  const tells = events.some(({ act }) => act === 'partners.answered' || act === 'partners.asked');
  if (!tells || row.mail_content === null) return [];
  return [{ job: 'partners.mail', payload: { application: row.id } }];
}
