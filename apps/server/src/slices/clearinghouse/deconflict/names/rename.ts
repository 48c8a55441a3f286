import { ok, type Result, refuse } from '@breakwater/kernel';
import { ancestorsOf, namesOf, type Rename, type RepositoryTarget } from '@breakwater/scope';
import { newId } from '../../../../platform/clock/clock.ts';
import { levels, partyOf, seesAllWork } from '../../../../platform/commands/audience.ts';
import type { Actor, JobRequest, Outcome } from '../../../../platform/commands/commands.ts';
import type { Decided, Member } from '../../../../platform/commands/together.ts';
import type { ContentRef } from '../../../../platform/content/content.ts';
import type { Transaction } from '../../../../platform/database/database.ts';
import { controls } from '../wishes/control.ts';
import { controlUnproven } from '../wishes/decide.ts';
import { objectorsAt } from '../wishes/index.ts';
import { decideRename, notRenamed, repositoryText } from './decide.ts';
import { readRenames } from './facts.ts';
import { endRename, insertRename, type RenameRow, standingRenames } from './store.ts';
import { widenHeld } from './widen.ts';

/** What somebody says of the names of a repository. */
export type NamesWish =
  | (Rename & { readonly kind: 'rename'; readonly reason: ContentRef })
  | {
      readonly kind: 'withdraw';
      readonly from: RepositoryTarget;
      readonly reason: ContentRef;
    };

export type Named = { readonly names: string[]; readonly widened: number };

interface Given {
  readonly actor: Actor;
  readonly now: RenameRow['at'];
}

/** Carries out what is said of names, in the turn of all who take claims. */
export async function decideNames(
  tx: Transaction,
  now: RenameRow['at'],
  members: readonly Member<NamesWish>[],
): Promise<Decided<Named>> {
  const outcomes: Result<Outcome<Named>>[] = [];
  for (const { envelope, input } of members) {
    const given = { actor: envelope.actor, now };
    outcomes.push(
      input.kind === 'rename'
        ? await rename(tx, input, given)
        : await withdrawRename(tx, input, given),
    );
  }
  return { outcomes, aside: [] };
}

/** DCF-18: from now on who names one of the two names means both. */
async function rename(
  tx: Transaction,
  wish: Extract<NamesWish, { kind: 'rename' }>,
  { actor, now }: Given,
): Promise<Result<Outcome<Named>>> {
  const { from, to, reason } = wish;
  const allowed = await mayName(tx, [from, to], { actor, now });
  if (!allowed.ok) return allowed;
  const decided = decideRename(wish, await standingRenames(tx));
  if (!decided.ok) return decided;
  const id = newId('decision');
  const row = { id, from_target: repositoryText(from), to_target: repositoryText(to), at: now };
  await insertRename(tx, { ...row, by_party: partyOf(actor), reason_content: reason.id });
  const renames = await readRenames(tx);
  const widened = await widenHeld(tx, wish, renames);
  return ok({
    events: [{ act: 'deconflict.repository-renamed', subject: id, data: { reason: reason.id } }],
    contents: [{ ref: reason, subject: id, level: levels.summary }],
    jobs: await endsOfOptedOut(tx, [from.lineage, to.lineage]),
    response: { names: textsOf(from, renames), widened },
  });
}

/** What was claimed under both names stays so; from now on each is its own again. */
async function withdrawRename(
  tx: Transaction,
  { from, reason }: Extract<NamesWish, { kind: 'withdraw' }>,
  { actor, now }: Given,
): Promise<Result<Outcome<Named>>> {
  const name = repositoryText(from);
  const row = (await standingRenames(tx)).find((each) => each.from_target === name);
  if (row === undefined) return refuse(notRenamed);
  if (row.by_party !== actor.id && !seesAllWork(actor)) return refuse(controlUnproven);
  await endRename(tx, row.id, now);
  return ok({
    events: [{ act: 'deconflict.rename-withdrawn', subject: row.id, data: { reason: reason.id } }],
    contents: [{ ref: reason, subject: row.id, level: levels.summary }],
    response: { names: textsOf(from, await readRenames(tx)), widened: 0 },
  });
}

/** DCF-18: who has proven control of all that it speaks of, or a coordinator in its own name. */
export async function mayName(
  tx: Transaction,
  targets: readonly RepositoryTarget[],
  { actor, now }: Given,
): Promise<Result<null, 'control-unproven'>> {
  if (seesAllWork(actor)) return ok(null);
  for (const target of targets) {
    if (!(await controls(tx, actor.id, { target, at: now }))) return refuse(controlUnproven);
  }
  return ok(null);
}

/** DCF-52 holds under every name: an opt-out under one ends what is claimed under the other. */
async function endsOfOptedOut(
  tx: Transaction,
  lineages: readonly string[],
): Promise<readonly JobRequest[]> {
  const ancestors = [...new Set(lineages.flatMap(ancestorsOf))];
  const objectors = await objectorsAt(tx, { lineages, ancestors });
  return objectors
    .filter((row) => row.opted_out_at !== null)
    .map((row) => ({ job: 'deconflict.end-opted-out', payload: { wishes: row.id } }));
}

function textsOf(target: RepositoryTarget, renames: readonly Rename[]): string[] {
  return namesOf(target, renames).map(({ text }) => text);
}
