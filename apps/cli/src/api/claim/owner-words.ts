import {
  authorizations,
  type Client,
  type Leave,
  ProblemError,
  type Scope,
  type Wishes,
} from '@breakwater/contract';
import type { Instant } from '@breakwater/kernel';
import { needsLeave, parsePlace, parseTarget, relationOf } from '@breakwater/scope';
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

/** A claim names up to a hundred targets; of more than these leave is asked for by `authorization may`. */
const targetsMax = 5;

/**
 * What owners say of the targets of a scope: the wishes that came with the answer, and of live
 * systems whether there is leave. What a key may not ask is left out; a claim does not hang on it.
 */
export async function ownersSay(
  client: Client,
  {
    wishes,
    scope,
    at,
  }: {
    readonly wishes: readonly Wishes[];
    readonly scope: Pick<Scope, 'targets' | 'places' | 'methods'>;
    readonly at: Instant;
  },
): Promise<readonly OwnerWords[]> {
  const { targets, places, methods } = scope;
  const named = [...new Set([...targets, ...places.map(({ target }) => target)])];
  const left = new Set(wishes);
  const said = named.map((target): OwnerWords => {
    const about = [...left].filter((each) => isAbout(each.target, target));
    for (const each of about) left.delete(each);
    return { target, wishes: about, leaves: [] };
  });
  // What was said of it under another name, or of what all of them lie in.
  const others = [...left].map((each) => ({ target: each.target, wishes: [each], leaves: [] }));
  const live = said.slice(0, targetsMax).filter(({ target }) => {
    const parsed = parseTarget(target);
    return parsed.ok && needsLeave(parsed.value, methods);
  });
  const leaves = new Map(
    await Promise.all(
      live.map(async ({ target }) => {
        const asked = methods.map((method) =>
          unlessRefused(client.call(authorizations.may, { query: { target, method, at } })),
        );
        return [target, (await Promise.all(asked)).filter((leave) => leave !== null)] as const;
      }),
    ),
  );
  return [
    ...said.map((each) => ({ ...each, leaves: leaves.get(each.target) ?? [] })),
    ...others,
  ].filter((words) => words.wishes.length + words.leaves.length > 0);
}

function isAbout(stated: string, target: string): boolean {
  const [a, b] = [parseTarget(stated), parsePlace(target)];
  return a.ok && b.ok && relationOf(a.value, b.value.target) !== 'disjoint';
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
