import {
  authorizations,
  type Client,
  type Leave,
  ProblemError,
  type Scope,
  type Wishes,
  wishes,
} from '@breakwater/contract';
import type { Instant } from '@breakwater/kernel';
import { needsLeave, parseTarget } from '@breakwater/scope';
import type { Terminal } from '../../terminal.ts';
import { paceLines } from '../authorization/leave.ts';
import { printWishes } from '../wishes/wishes.ts';
import { type Here, momentText } from './moments.ts';

/** What the owner of one target says to whoever looks at it. */
export interface OwnerWords {
  readonly target: string;
  readonly wishes: readonly Wishes[];
  /** Of a live system: what is allowed there when the claim begins, how fast, and whom to reach. */
  readonly leaves: readonly Leave[];
}

/** A claim names up to a hundred targets; of more than these the owner is asked by `wishes show`. */
const targetsMax = 5;

/**
 * What owners say of the targets of a scope: with every claim, so that nobody looks without knowing.
 * What a key may not ask is left out; a claim does not hang on it.
 */
export async function ownersSay(
  client: Client,
  { targets, places, methods }: Pick<Scope, 'targets' | 'places' | 'methods'>,
  at: Instant,
): Promise<readonly OwnerWords[]> {
  const named = [...new Set([...targets, ...places.map(({ target }) => target)])];
  const asked = named.slice(0, targetsMax).map(async (target): Promise<OwnerWords> => {
    const parsed = parseTarget(target);
    const live = parsed.ok && needsLeave(parsed.value, methods) ? methods : [];
    const said = unlessRefused(client.call(wishes.wishes, { query: { target } }));
    const leaves = live.map((method) =>
      unlessRefused(client.call(authorizations.may, { query: { target, method, at } })),
    );
    return {
      target,
      wishes: (await said)?.items ?? [],
      leaves: (await Promise.all(leaves)).filter((leave) => leave !== null),
    };
  });
  const all = await Promise.all(asked);
  return all.filter((words) => words.wishes.length + words.leaves.length > 0);
}

async function unlessRefused<T>(answer: Promise<T>): Promise<T | null> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof ProblemError) return null;
    throw error;
  }
}

/** The same for a person. */
export function printOwners(all: readonly OwnerWords[], at: Here, terminal: Terminal): void {
  for (const { target, wishes: said, leaves } of all) {
    terminal.line(`the owner of ${target} says`);
    for (const each of said) printWishes(each, at, terminal);
    for (const leave of leaves) printLeave(leave, at, terminal);
  }
}

function printLeave(leave: Leave, at: Here, terminal: Terminal): void {
  const row = (name: string, text: string) => terminal.line(`  ${name.padEnd(10)} ${text}`);
  const until = leave.until === null ? '' : ` until ${momentText(leave.until, at)}`;
  row(leave.method, leave.allowed ? `allowed${until}` : `not allowed: ${leave.reasons.join(', ')}`);
  for (const line of paceLines(leave.pace)) row('how fast', line);
  if (leave.contact === null) return;
  row('reach', '(as written)');
  terminal.quote(leave.contact, 10);
}
