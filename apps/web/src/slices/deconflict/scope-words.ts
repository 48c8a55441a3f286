import type { Scope } from '@breakwater/contract';
import { methodsWords } from './words.ts';

type Place = Scope['places'][number];

/** Each place with its own versions; those said once for all are said with each. */
export function placesOf({ targets, places, versions, commits }: Scope): readonly Place[] {
  const shared = targets.map((target) => ({
    target,
    ...(versions === undefined ? {} : { versions }),
    ...(commits === undefined ? {} : { commits }),
  }));
  return [...shared, ...places];
}

/** The targets of a scope, without their versions. */
export function targetsOf(scope: Scope): readonly string[] {
  return placesOf(scope).map(({ target }) => target);
}

/** What a scope says, in one line. */
export function scopeLine(scope: Scope): string {
  const [first, ...others] = targetsOf(scope);
  const where = others.length === 0 ? first : `${first} and ${others.length} more`;
  return `${where}: ${scopeWords(scope)}`;
}

/** What a scope says beside where, in one line. */
export function scopeWords(scope: Scope): string {
  const { except, weaknesses, exceptWeaknesses, methods } = scope;
  const revisions = placesOf(scope).flatMap(({ versions, commits }) =>
    versions === undefined && commits === undefined ? [] : [versions ?? commitsText(commits ?? {})],
  );
  return [
    ...(except.length === 0 ? [] : [`without ${few(except)}`]),
    ...new Set(revisions),
    methodsWords(methods),
    classesWords(weaknesses, exceptWeaknesses),
  ].join(' · ');
}

/** Classes of weakness in a line. */
export function classesWords(weaknesses: readonly string[], except: readonly string[]): string {
  const named = weaknesses.length === 0 ? 'every class' : few(weaknesses);
  return except.length === 0 ? named : `${named} without ${few(except)}`;
}

/** Commits as `git log` names them. */
export function commitsText({ after, until, ids = [] }: NonNullable<Place['commits']>): string {
  const range =
    after === undefined && until === undefined ? [] : [`${after ?? ''}..${until ?? ''}`];
  return [...range, ...ids.map((id) => id.slice(0, 12))].join(', ');
}

const namedMax = 4;

function few(names: readonly string[]): string {
  const more = names.length - namedMax;
  const named = names.slice(0, namedMax).join(', ');
  return more > 0 ? `${named} and ${more} more` : named;
}
