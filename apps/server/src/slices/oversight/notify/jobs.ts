import { addMilliseconds, type Id, ok, sha256, toBase64, utf8 } from '@breakwater/kernel';
import { z } from 'zod';
import { system } from '../../../platform/commands/audience.ts';
import type { Event, JobRequest } from '../../../platform/commands/commands.ts';
import { levelOf } from '../../../platform/commands/visibility.ts';
import { actorOf, peopleOf, peopleWhoSee } from '../../../platform/directory/recipients.ts';
import { jobEnvelope } from '../../../platform/queue/job-envelope.ts';
import type { Job, JobHandler } from '../../../platform/queue/queue.ts';
import type { Services } from '../../../services.ts';
import { dueAt, standard } from './decide.ts';
import {
  type ClaimedRow,
  claimDue,
  claimed,
  type DueMember,
  earlierMails,
  findPreferences,
  membersDue,
  putPending,
  putSent,
  putUnsubscribe,
  settle,
  whoDid,
} from './store.ts';
import { security, told } from './tidings.ts';
import { newsMail, securityMail, urgentMail } from './words.ts';

const membersPerCommand = 100;
/** Pages of members one act is told to: a bound, not a limit anybody meets. */
const pagesMax = 1_000;
const membersPerTick = 200;
const heldBackMs = 60 * 60 * 1_000;

/** The jobs that follow from an event, if members are told of it. */
export function tellingOf(event: Event): readonly JobRequest[] {
  if (security.has(event.act)) {
    return [{ job: 'notify.security', payload: { member: event.subject } }];
  }
  if (told[event.act] === undefined) return [];
  return [{ job: 'notify.tell', payload: { subject: event.subject, act: event.act } }];
}

const Tell = z.object({ subject: z.string(), act: z.string() });

/** Notes for each member who sees what happened that it is to be told, and when. */
export function tell(services: Services): JobHandler {
  return async (job) => {
    const { subject, act } = Tell.parse(job.payload);
    const what = told[act];
    if (what === undefined || services.mail === null) return;
    const except = await services.database.read((r) => whoDid(r, act, subject));
    let after = '';
    for (let page = 0; page < pagesMax; page++) {
      const watched = { subject, level: what.level, except };
      const members = await services.database.read((r) =>
        peopleWhoSee(r, watched, { after, limit: membersPerCommand }),
      );
      if (members.length > 0) await note(services, job, { subject, members, ...what });
      if (members.length < membersPerCommand) return;
      after = members.at(-1) ?? after;
    }
  };
}

async function note(
  services: Services,
  job: Job,
  given: {
    readonly subject: string;
    readonly members: readonly Id<'member'>[];
    readonly kind: 'case' | 'notice' | 'message';
    readonly level: number;
  },
): Promise<void> {
  const { subject, members, kind, level } = given;
  const envelope = {
    actor: system,
    operation: 'notify.tell',
    idempotencyKey: `tell:${job.id}:${members[0]}`,
    request: job.payload,
  };
  await services.execute<null>(envelope, async (tx, now) => {
    for (const member of members) {
      const preferences = (await findPreferences(tx, member)) ?? standard;
      const earlier = await earlierMails(tx, member, subject);
      const due = dueAt(preferences[kind], preferences, { now, earlier });
      if (due === null) continue;
      await putPending(tx, { member, subject, kind, level, since: now, dueAt: due });
    }
    return ok({ events: [], response: null });
  });
}

/**
 * Makes a job of one mail for each member whose hour has come by the clock port. Several processes
 * may do so at once: the first to claim has it.
 */
export async function sendDue(services: Services): Promise<void> {
  if (services.mail === null) return;
  const now = services.clock.now();
  const due = await services.database.read((r) => membersDue(r, now, membersPerTick));
  for (const each of due) await claim(services, each);
}

async function claim(services: Services, { member, due }: DueMember): Promise<void> {
  const envelope = {
    actor: system,
    operation: 'notify.due',
    idempotencyKey: `due:${member}:${due}:${services.clock.now()}`,
    request: { member },
  };
  await services.execute<null>(envelope, async (tx, now) => {
    const rows = await claimDue(tx, member, now);
    const jobs = rows === 0 ? [] : [{ job: 'notify.send', payload: { member } }];
    return ok({ events: [], jobs, response: null });
  });
}

const Recipient = z.object({ member: z.custom<Id<'member'>>((v) => typeof v === 'string') });

/**
 * Sends one mail about all that was claimed, if any of it may still be seen. What failed is tried
 * again, and after the last try lies with the dead letters for a person.
 */
export function sendNews(services: Services): JobHandler {
  return async (job) => {
    const { member } = Recipient.parse(job.payload);
    const rows = await services.database.read((r) => claimed(r, member));
    if (rows.length === 0) return;
    const seen = await stillSeen(services, member, rows);
    const to = seen.length === 0 ? null : await services.directory.mailOf(member);
    const sent = to === null ? false : await sendTo(services, { job, member, to });
    await conclude(services, { job, member, rows, seen: sent ? seen : [] });
  };
}

async function stillSeen(
  services: Services,
  member: Id<'member'>,
  rows: readonly ClaimedRow[],
): Promise<readonly ClaimedRow[]> {
  return await services.database.read(async (r) => {
    const actor = await actorOf(r, member);
    const preferences = (await findPreferences(r, member)) ?? standard;
    if (actor === null) return [];
    const seen: ClaimedRow[] = [];
    for (const row of rows) {
      const wanted = Object.entries(preferences).some(([k, v]) => k === row.kind && v !== 'never');
      if (wanted && (await levelOf(r, row.subject, actor)) >= row.level) seen.push(row);
    }
    return seen;
  });
}

async function sendTo(
  services: Services,
  given: { readonly job: Job; readonly member: Id<'member'>; readonly to: string },
): Promise<boolean> {
  const { mail } = services;
  if (mail === null) return false;
  const site = services.site().url;
  const { token, hash } = unsubscribeToken(services, given.member);
  await services.database.write((tx) => putUnsubscribe(tx, hash, given.member));
  const unsubscribe = `${site}/unsubscribe/${token}`;
  await mail.send(newsMail({ id: given.job.id, to: given.to, site, unsubscribe }));
  return true;
}

async function conclude(
  services: Services,
  given: {
    readonly job: Job;
    readonly member: Id<'member'>;
    readonly rows: readonly ClaimedRow[];
    readonly seen: readonly ClaimedRow[];
  },
): Promise<void> {
  const { job, member, rows, seen } = given;
  const envelope = {
    actor: system,
    operation: 'notify.send',
    idempotencyKey: job.id,
    request: job.payload,
  };
  await services.execute<null>(envelope, async (tx, now) => {
    await settle(tx, member, rows);
    if (seen.length === 0) return ok({ events: [], response: null });
    const subjects = [...new Set(seen.map((row) => row.subject))];
    await putSent(tx, member, { subjects, at: now, before: addMilliseconds(now, -heldBackMs) });
    const event = { act: 'notify.sent', subject: member, data: { member } };
    return ok({ events: [event], response: null });
  });
}

/** Tells a member that its ways in changed: at once, at any hour, whatever it chose. */
export function sendSecurity(services: Services): JobHandler {
  return async (job) => {
    const { member } = Recipient.parse(job.payload);
    const to = await services.directory.mailOf(member);
    if (to === null || services.mail === null) return;
    await services.mail.send(securityMail({ id: job.id, to, site: services.site().url }));
  };
}

const Stopped = z.object({ party: z.string() });

/**
 * Tells everybody of a party, at any hour and whatever they chose, that work of theirs was stopped.
 * One job for each of them, so that one mailbox that is full keeps nobody else from being told.
 */
export function tellStopped(services: Services): JobHandler {
  return async (job) => {
    const { party } = Stopped.parse(job.payload);
    if (services.mail === null) return;
    const members = await services.database.read((r) => peopleOf(r, party));
    const envelope = jobEnvelope(job, 'notify.stopped');
    await services.execute<null>(envelope, async () => {
      const jobs = members.map((member) => ({ job: 'notify.urgent', payload: { member } }));
      return ok({ events: [], jobs, response: null });
    });
  };
}

/** Sends one mail that cannot wait. */
export function sendUrgent(services: Services): JobHandler {
  return async (job) => {
    const { member } = Recipient.parse(job.payload);
    const to = await services.directory.mailOf(member);
    if (to === null || services.mail === null) return;
    await services.mail.send(urgentMail({ id: job.id, to, site: services.site().url }));
  };
}

/**
 * The secret of a member's one-click link: good for ending mails and for nothing else, the same in
 * every mail, kept hashed.
 */
export function unsubscribeToken(
  services: Pick<Services, 'content'>,
  member: string,
): { readonly token: string; readonly hash: Uint8Array } {
  const blind = services.content.blind(`unsubscribe\n${member}`);
  const token = toBase64(blind).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
  return { token, hash: hashOfToken(token) };
}

export function hashOfToken(token: string): Uint8Array {
  return sha256(utf8(token));
}
