import type { Body, WishesForm, wishes } from '@breakwater/contract';
import { type Id, type Instant, ok, type Result, refuse } from '@breakwater/kernel';
import type { Target } from '@breakwater/scope';
import { newId } from '../../../../platform/clock/clock.ts';
import { levels } from '../../../../platform/commands/audience.ts';
import type { Outcome } from '../../../../platform/commands/commands.ts';
import { stale } from '../../../../platform/commands/revision.ts';
import type { ContentRef, ContentStore } from '../../../../platform/content/content.ts';
import type { Transaction } from '../../../../platform/database/database.ts';
import { type Said, textOf } from './said.ts';
import { countWishes, putWishes, type WishesRow, wishesOf } from './store.ts';

/** DCF-50: everybody who claims near them waits until each of them has been read. */
const wishesMax = 500;

/** A statement that is to stand, with its text in the content store. */
export interface Statement {
  readonly party: Id<'party'>;
  readonly form: WishesForm;
  readonly target: Target;
  /** Of whom it is the one statement about the target. */
  readonly speaker: Uint8Array;
  readonly said: ContentRef;
  readonly digest: Uint8Array;
  readonly expiresAt: Instant | null;
  /** When its owner opted out: `now` where it did so here. */
  readonly optedOut: Instant | 'now' | null;
  readonly quiet: WishesRow['quiet'];
  readonly showPace: boolean;
}

/** Keeps the text of a statement, before anything is decided. */
export async function keepSaid(
  content: ContentStore,
  said: Said,
): Promise<{ readonly said: ContentRef; readonly digest: Uint8Array }> {
  const text = textOf(said);
  return { said: await content.putText(text, 'wishes.json'), digest: digestOf(content, said) };
}

/** Tells whether a statement says another thing than the one before. */
export function digestOf(content: ContentStore, said: Said): Uint8Array {
  return content.blind(`deconflict.wishes\n${textOf(said)}`);
}

/** Tells speakers apart without naming them. */
export function speakerOf(content: ContentStore, who: string): Uint8Array {
  return content.blind(`deconflict.speaker\n${who}`);
}

/** Puts a statement in the place of what its speaker said before about the same target. */
export async function state(
  tx: Transaction,
  statement: Statement,
  { now, ifRevision }: { readonly now: Instant; readonly ifRevision?: number | undefined },
): Promise<Result<Outcome<{ wishes: Id<'wishes'>; revision: number }>>> {
  const { target, form, speaker, party, said, digest, quiet, showPace } = statement;
  const prior = await wishesOf(tx, { lineage: target.lineage, form, speaker });
  const changed = stale(ifRevision, prior?.revision ?? 0);
  if (changed !== null) return refuse(changed);
  if (prior === null && form !== 'federation' && (await countWishes(tx, party)) >= wishesMax) {
    return refuse(tooManyWishes);
  }
  const id = prior?.id ?? newId('wishes');
  const revision = (prior?.revision ?? 0) + 1;
  const since = statement.optedOut === 'now' ? (prior?.opted_out_at ?? now) : statement.optedOut;
  await putWishes(tx, {
    id,
    party,
    form,
    target: target.text,
    lineage: target.lineage,
    speaker,
    digest,
    said_content: said.id,
    at: now,
    expires_at: statement.expiresAt,
    withdrawn_at: null,
    opted_out_at: since,
    quiet,
    show_pace: showPace,
    revision,
  });
  const data = { form, said: said.id, optedOut: since !== null, quiet: quiet.length };
  return ok({
    events: [{ act: 'deconflict.wishes-stated', subject: id, data }],
    contents: [{ ref: said, subject: id, level: levels.summary }],
    response: { wishes: id, revision },
  });
}

/** What was filled in here, as it is kept. */
export function saidInForm(target: Target, body: Body<typeof wishes.stateWishes>): Said {
  const { optOut, channels, policies, threatModel, notVulnerabilities } = body;
  return {
    target: target.text,
    from: null,
    optOut: optOut?.words ?? null,
    channels,
    policies,
    threatModel,
    notVulnerabilities,
    quoted: null,
    notes: [],
  };
}

const tooManyWishes = {
  code: 'too-many-wishes',
  expected: `at most ${wishesMax} statements of one party that stand`,
  got: 'one more',
  todo: 'withdraw one, or speak of more in one: of all of an owner’s repositories, of a whole domain',
} as const;
