/** The same advisories as each program wants to have them. */
export interface Database {
  /** `osv-scanner/<ecosystem>/all.zip`. */
  readonly zips: string;
  /** What `breakwater sync` keeps. */
  readonly kept: string;
}

export interface Matches {
  /** From the start of the process to its end. */
  readonly ms: number;
  /** `<advisory> <ecosystem> <name> <version>`, each once. */
  readonly matches: ReadonlySet<string>;
}

/** A program that says which components of a lock file advisories concern. */
export interface Matcher {
  match(file: string): Promise<Matches>;
  /** `<ecosystem> <name> <version>` of all that it reads out of the file. */
  components(file: string): Promise<ReadonlySet<string>>;
}

interface Named {
  readonly ecosystem: string;
  readonly name: string;
  readonly version: string;
}

/** One spelling of a component: Go's `v`, and PyPI's names (PEP 503), are written as one likes. */
export function spell({ ecosystem, name, version }: Named): string {
  if (ecosystem === 'Go') return `Go ${name} ${version.replace(/^v/, '')}`;
  if (ecosystem !== 'PyPI') return `${ecosystem} ${name} ${version}`;
  return `PyPI ${name.toLowerCase().replaceAll(/[-_.]+/g, '-')} ${version}`;
}
