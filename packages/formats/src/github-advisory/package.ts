/** GitHub's names of ecosystems (REST API, security advisories) to types of package URLs. */
const purlTypes: ReadonlyMap<string, string> = new Map([
  ['actions', 'githubactions'],
  ['composer', 'composer'],
  ['erlang', 'hex'],
  ['go', 'golang'],
  ['maven', 'maven'],
  ['npm', 'npm'],
  ['nuget', 'nuget'],
  ['pip', 'pypi'],
  ['pub', 'pub'],
  ['rubygems', 'gem'],
  ['rust', 'cargo'],
  ['swift', 'swift'],
]);

/** The package URL type of an ecosystem as GitHub names it, or null. */
export function purlTypeOf(ecosystem: string): string | null {
  return purlTypes.get(ecosystem.toLowerCase()) ?? null;
}

/**
 * A version that a `vulnerable_version_range` itself names as affected: the end it includes, else
 * the beginning it includes. Null where it names none, as `< 2.0.0` does; a version is not guessed.
 */
export function versionIn(range: string): string | null {
  const named = new Map<string, string>();
  for (const part of range.split(',').slice(0, 20)) {
    const [, operator, version] = /^\s*(=|<=|>=|<|>)\s*([\x21-\x7e]{1,128})\s*$/.exec(part) ?? [];
    if (operator === undefined || version === undefined) return null;
    named.set(operator, version);
  }
  return named.get('=') ?? named.get('<=') ?? named.get('>=') ?? null;
}
