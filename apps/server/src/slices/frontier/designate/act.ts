import type { Operation } from '@breakwater/contract';
import { designate } from '@breakwater/contract';
import { type Id, type Instant, ok, type Result } from '@breakwater/kernel';
import { partyOf, sealed } from '../../../platform/commands/audience.ts';
import type { Event as Entry, NewContent } from '../../../platform/commands/commands.ts';
import type { ContentRef } from '../../../platform/content/content.ts';
import type { Reader, Transaction } from '../../../platform/database/database.ts';
import { type Call, notFound } from '../../../route.ts';
import { writeAudiences } from './audiences.ts';
import { decide } from './decide.ts';
import { type Kept, keep } from './keep.ts';
import type { Command } from './model.ts';
import type { DesignateNeeds } from './needs.ts';
import { type FileRow, findFile, findMatter } from './store.ts';

export type Caller = Pick<Call<Operation>, 'actor' | 'permissions'>;

/** Where it happens: the matter, and for a new file who keeps it and sees it. */
export interface Place {
  readonly matter: string;
  readonly opening?: Pick<FileRow, 'official'> & { readonly seers: readonly Id<'party'>[] };
}

/** What goes with a command beside what is decided by. */
export interface With {
  /** A text that becomes part of the file. */
  readonly text?: ContentRef;
  /** The run that is attached: when it began, and how many samples it has. */
  readonly attached?: { readonly beganAt: Instant; readonly samples: number };
}

interface Done {
  readonly events: readonly Entry[];
  readonly contents: readonly NewContent[];
}

/**
 * Carries out a command: the one way from a call to `decide`, and from there to rows, audiences and
 * log, in one transaction.
 */
export async function carryOut(
  { tx, now, needs }: { readonly tx: Transaction; readonly now: Instant; readonly needs: Needs },
  { actor, permissions }: Caller,
  given: { readonly place: Place; readonly command: Command; readonly also?: With },
): Promise<Result<Done>> {
  const { place, command, also = {} } = given;
  const engagement = await needs.engagementOf(tx, place.matter);
  const decided = decide(await findMatter(tx, place.matter), command, {
    now,
    official: permissions.includes(designate.determine.id),
    leftAt: engagement?.leftAt ?? null,
  });
  if (!decided.ok) return decided;
  const kept: Kept = { party: partyOf(actor), now, place, also };
  const entries: Entry[] = [];
  for (const event of decided.value) entries.push(...(await keep(tx, event, kept)));
  const touched = decided.value[0]?.file;
  const file = touched === undefined ? null : await findFile(tx, touched);
  if (file === null) throw new Error('expected a command to touch a file');
  await writeAudiences(tx, file, developerOf(needs));
  const { text } = also;
  const contents = text === undefined ? [] : [{ ref: text, subject: file.id, level: sealed }];
  return ok({ events: entries, contents });
}

type Needs = Pick<DesignateNeeds, 'engagementOf'>;

/** Whose model a matter is about; null: nobody's here. */
export function developerOf(needs: Needs) {
  return async (reader: Reader, matter: string): Promise<Id<'party'> | null> =>
    (await needs.engagementOf(reader, matter))?.developer ?? null;
}

/** The file that a call names; the door has asked whether its caller sees it. */
export async function fileOf(tx: Transaction, id: string): Promise<Result<FileRow>> {
  const file = await findFile(tx, id);
  return file === null ? notFound('a file') : ok(file);
}
