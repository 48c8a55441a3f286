import { type Body, fillPath, type Operation } from '@breakwater/contract';
import type { Id } from '@breakwater/kernel';
import type { HeldItem } from '../../apps/server/test/evaluating.ts';
import type { TestParty } from '../../apps/server/test/harness.ts';
import type { Side, Step } from './history.ts';
import type { Answer, Crew, Twin, Watcher } from './twin.ts';

/** What one side made in the course of a history, in the order in which it was made. */
export interface Deeds {
  readonly cases: { readonly id: string; readonly findings: string[] }[];
  readonly things: { readonly kind: string; readonly id: string }[];
  readonly inventories: Set<string>;
  readonly suites: { readonly suite: Id<'suite'>; readonly items: readonly HeldItem[] }[];
}

export interface Scene {
  readonly twin: Twin;
  /** Names the history, so that nothing of an earlier one matches it. */
  readonly number: number;
  readonly deeds: Readonly<Record<Side, Deeds>>;
}

export function newScene(twin: Twin, number: number): Scene {
  const deeds = (): Deeds => ({ cases: [], things: [], inventories: new Set(), suites: [] });
  return { twin, number, deeds: { outside: deeds(), hidden: deeds() } };
}

/** Words that only the hidden side ever writes: an outsider who reads one has seen through. */
export const secretWord = 'xylophone';
type By = <T extends Operation>(
  who: keyof Crew,
  operation: T,
  given: { readonly params?: Readonly<Record<string, string>>; readonly body?: Body<T> },
) => Promise<Answer>;

/** Outsiders but the coordinator act through the door they are watched at. */
export function actorOf({ twin }: Scene, side: Side): By {
  return async (who, operation, given) => {
    const party: TestParty = twin.crews[side][who];
    if (side === 'hidden' || who === 'coordinator') return await twin.act(party, operation, given);
    const watcher: Watcher = who;
    return await twin.look(watcher, {
      method: operation.method,
      path: fillPath(operation.path, given.params ?? {}),
      body: JSON.stringify(given.body ?? {}),
    });
  };
}

export function sentence({ side, pick }: Step): string {
  return side === 'hidden' ? `The ${secretWord} ${pick}` : `A sentence ${pick}`;
}

/** Remembers what was made, by the field of the answer that names it. */
export function keep(own: Deeds, kind: string, answer: Answer, field: string = kind): Answer {
  if (answer.status !== 200) return answer;
  const said = JSON.parse(answer.body) as Record<string, unknown>;
  const id = said[field];
  if (typeof id === 'string') own.things.push({ kind, id });
  return answer;
}
