import type { Body, wishes as contract, Output } from '@breakwater/contract';
import { type InterchangeRecord, parseRecord } from '@breakwater/formats/interchange';
import { bytesToHex, type Id, type Instant, ok, type Result, refuse } from '@breakwater/kernel';
import { parseTarget, type Target } from '@breakwater/scope';
import { levels } from '../../../../platform/commands/audience.ts';
import type { Event, NewContent } from '../../../../platform/commands/commands.ts';
import type { ContentRef, ContentStore } from '../../../../platform/content/content.ts';
import type { Transaction } from '../../../../platform/database/database.ts';
import { type Call, responseOf } from '../../../../route.ts';
import type { Services } from '../../../../services.ts';
import { channelOf } from '../wishes/from-file.ts';
import { type Said, sayNothing } from '../wishes/said.ts';
import { keepSaid, speakerOf, state } from '../wishes/state.ts';
import { wasWithdrawn, wishesOf } from '../wishes/store.ts';
import { auditOf, putAudit } from './store.ts';

type Taken = Output<typeof contract.importRecords>;
type NotUnderstood = Taken['notUnderstood'];
type Known = Exclude<InterchangeRecord, { kind: 'claim' }>;

/** A record that says something about a place here. */
interface Read {
  readonly record: Known;
  readonly target: Target;
}

/**
 * DCF-61: takes the records of a feed in. An opt-out is believed from whomever a coordinator takes
 * it: less is done for it, never more. A route is a hint, shown with its source. The same records
 * twice change nothing, and what a person withdrew here does not come back by itself.
 */
export async function importRecords(
  services: Services,
  { actor, body, envelope }: Call<typeof contract.importRecords>,
): Promise<Result<Taken>> {
  if (actor.id === 'administrator' || actor.id === 'system') throw new Error('expected a party');
  const party = actor.id;
  const { content } = services;
  const { read, notUnderstood } = readRecords(body.records);
  const kept: (Read & Kept)[] = [];
  for (const each of read) kept.push({ ...each, ...(await keep(content, body.feed, each)) });
  const executed = await services.execute<Taken>(envelope, async (tx, now) => {
    const counts = { added: 0, changed: 0, unchanged: 0 };
    const events: Event[] = [];
    const contents: NewContent[] = [];
    for (const each of kept) {
      const done = await takeOne(tx, each, { party, now });
      if (!done.ok) return refuse(done.refusal);
      counts[done.value.became] += 1;
      events.push(...done.value.events);
      contents.push(...done.value.contents);
    }
    return ok({ events, contents, response: { ...counts, notUnderstood } });
  });
  return responseOf(executed);
}

/** Advisory ids stand in rows: no prose hides in one. */
const advisoryShape = /^[A-Za-z0-9][A-Za-z0-9._:-]{2,79}$/;

function readRecords(files: Body<typeof contract.importRecords>['records']) {
  const read: Read[] = [];
  const notUnderstood: NotUnderstood = [];
  for (const { path: where, record: value } of files) {
    const no = (code: string, text: string) => void notUnderstood.push({ where, code, text });
    const parsed = parseRecord(value);
    if (!parsed.ok) {
      no(parsed.refusal.code, `expected ${parsed.refusal.expected}, got ${parsed.refusal.got}`);
      continue;
    }
    const record = parsed.value;
    if (record.kind === 'claim' || (record.kind === 'certificate' && record.status !== 'fixed')) {
      no('not-for-everybody', 'it speaks of a weakness that is open, and belongs on no such feed');
      continue;
    }
    if (record.kind === 'certificate' && !advisoryShape.test(record.advisory)) {
      no('advisory-malformed', 'its advisory is no id such as GHSA-… or CVE-…');
      continue;
    }
    const target = parseTarget({ kind: 'repository', text: record.repository });
    if (target.ok) read.push({ record, target: target.value });
    else no('repository-malformed', `${record.repository.slice(0, 200)} is no repository`);
  }
  return { read, notUnderstood };
}

interface Kept {
  readonly speaker: Uint8Array;
  readonly said: ContentRef;
  readonly digest: Uint8Array;
}

async function keep(content: ContentStore, feed: string, { record, target }: Read): Promise<Kept> {
  switch (record.kind) {
    case 'certificate': {
      const { repository, advisory, advisoryUrl, commit, auditedAt } = record;
      const text = JSON.stringify({ feed, repository, advisory, advisoryUrl, commit, auditedAt });
      const said = await content.putText(text, 'audit.json');
      const digest = content.blind(`deconflict.audit\n${text}`);
      return { speaker: speakerOf(content, feed), said, digest };
    }
    case 'optout':
    case 'route': {
      const said = saidBy(feed, record, target);
      return {
        speaker: speakerOf(content, `${record.kind}\n${feed}`),
        ...(await keepSaid(content, said)),
      };
    }
  }
}

function saidBy(
  feed: string,
  record: Extract<Known, { kind: 'optout' | 'route' }>,
  target: Target,
): Said {
  const nothing = sayNothing(target.text, feed);
  if (record.kind === 'optout') {
    const notes = [{ field: 'Requested', value: record.requestedAt }];
    return { ...nothing, optOut: record.reason, notes };
  }
  const channel = channelOf(record.channel);
  return {
    ...nothing,
    channels: channel === null ? [] : [channel],
    notes: [
      { field: 'Verified there', value: record.verifiedAt },
      ...(channel === null ? [{ field: 'Channel', value: record.channel }] : []),
    ],
  };
}

interface Became {
  readonly became: 'added' | 'changed' | 'unchanged';
  readonly events: readonly Event[];
  readonly contents: readonly NewContent[];
}

async function takeOne(
  tx: Transaction,
  each: Read & Kept,
  by: { readonly party: Id<'party'>; readonly now: Instant },
): Promise<Result<Became>> {
  const { record, target, speaker, said, digest } = each;
  if (record.kind === 'certificate') {
    const of = { lineage: target.lineage, advisory: record.advisory, feed: speaker };
    const prior = await auditOf(tx, of);
    if (isSame(prior, digest)) return ok(nothingNew);
    const { repository, auditedAt } = record;
    await putAudit(tx, { ...of, repository, digest, said_content: said.id, audited_at: auditedAt });
    const data = { said: said.id };
    return ok({
      became: prior === null ? 'added' : 'changed',
      events: [{ act: 'deconflict.audit-taken-in', subject: said.id, data }],
      contents: [{ ref: said, subject: said.id, level: levels.summary }],
    });
  }
  const form = 'federation';
  const prior = await wishesOf(tx, { lineage: target.lineage, form, speaker });
  if (isSame(prior, digest)) return ok(nothingNew);
  const of = { lineage: target.lineage, form, speaker, digest } as const;
  if (prior === null && (await wasWithdrawn(tx, of))) return ok(nothingNew);
  const statement = {
    party: by.party,
    form,
    target,
    speaker,
    said,
    digest,
    expiresAt: null,
    optedOut: record.kind === 'optout' ? record.requestedAt : null,
    quiet: [],
    showPace: false,
  } as const;
  const stated = await state(tx, statement, { now: by.now });
  if (!stated.ok) return stated;
  const { events, contents = [] } = stated.value;
  return ok({ became: prior === null ? 'added' : 'changed', events, contents });
}

const nothingNew: Became = { became: 'unchanged', events: [], contents: [] };

function isSame(prior: { readonly digest: Uint8Array } | null, digest: Uint8Array): boolean {
  return (
    prior !== null &&
    bytesToHex(new Uint8Array(prior.digest)) === bytesToHex(new Uint8Array(digest))
  );
}
