import type { Scope } from '@breakwater/contract';

/** What a scope covers, a line for each of where, how and for what. */
export function scopeLines(scope: Scope): readonly string[] {
  const where = [...scope.targets, ...scope.places.map(placeWords)];
  const lines = where.length > 6 ? [...where.slice(0, 6), `and ${where.length - 6} more`] : where;
  const left = scope.except;
  return [
    ...lines,
    ...(left.length === 0 ? [] : [`without ${listed(left)}`]),
    ...(scope.versions === undefined ? [] : [`versions ${scope.versions}`]),
    ...(scope.commits === undefined ? [] : [`commits ${commitWords(scope.commits)}`]),
    `${scope.methods.join(', ')}; ${weaknessWords(scope)}`,
  ];
}

/** The same in one line. */
export function scopeLine(scope: Scope): string {
  return scopeLines(scope).join('; ');
}

function placeWords({ target, versions, commits }: Scope['places'][number]): string {
  const which = versions ?? (commits === undefined ? '' : commitWords(commits));
  return which === '' ? target : `${target} (${which})`;
}

function commitWords({ ids = [], after, until }: NonNullable<Scope['commits']>): string {
  const range =
    after === undefined && until === undefined ? [] : [`${after ?? ''}..${until ?? ''}`];
  return listed([...range, ...ids.map((id) => id.slice(0, 12))]);
}

function weaknessWords({ weaknesses, exceptWeaknesses }: Scope): string {
  const which = weaknesses.length === 0 ? 'every weakness' : listed(weaknesses);
  return exceptWeaknesses.length === 0 ? which : `${which}, but not ${listed(exceptWeaknesses)}`;
}

function listed(items: readonly string[]): string {
  const shown = items.slice(0, 8).join(', ');
  return items.length > 8 ? `${shown} and ${items.length - 8} more` : shown;
}
