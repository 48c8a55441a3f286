/** What a file tells of a finding, under the names and within the bounds of a submission. */
export interface ToldFinding {
  /** A package URL without version; null: the file does not say, and it is not guessed. */
  readonly package: string | null;
  readonly version: string | null;
  /** One line. */
  readonly title: string;
  /** Never empty. */
  readonly description: string;
  /** `CWE-79`. */
  readonly weakness: string | null;
  readonly location: ToldLocation | null;
  /** CVE, GHSA and the like. */
  readonly identifiers: readonly string[];
  /** A vector, the newest version of those given. */
  readonly cvss: string | null;
  readonly tool: string | null;
}

export interface ToldLocation {
  /** From the root of the source where the file tells that, with slashes. */
  readonly path: string;
  readonly line?: number;
  readonly function?: string;
}

/** Bounds of a submission's fields, in characters (UTF-16 units). */
export const toldLimits = {
  titleMax: 300,
  descriptionMax: 100_000,
  pathMax: 1_000,
  functionMax: 500,
  identifiersMax: 20,
  identifierMax: 80,
  toolMax: 300,
  lineMax: 100_000_000,
} as const;

/** One line of at most `max` characters: breaks become spaces, the end is cut with a mark. */
export function lineOf(text: string, max: number = toldLimits.titleMax): string {
  // A title is looked at to its bound only; 4 leaves room for runs of spaces.
  const line = text
    .slice(0, max * 4)
    .replaceAll('\0', '')
    .replace(/\s+/g, ' ')
    .trim();
  return cut(line, max);
}

/** At most `max` characters, the end cut with a mark, and no NUL, which no database takes. */
export function proseOf(text: string, max: number = toldLimits.descriptionMax): string {
  return cut(
    text
      .slice(0, max + 1)
      .replaceAll('\0', '')
      .trim(),
    max,
  );
}

/** A version as a submission takes it, or null: visible ASCII without spaces. */
export function versionOf(text: string | null | undefined): string | null {
  const version = text?.trim() ?? '';
  return /^[\x21-\x7e]{1,128}$/.test(version) ? version : null;
}

const known =
  /\b(?:CVE-\d{4}-\d{4,19}|GHSA(?:-[23456789cfghjmpqrvwx]{4}){3}|(?:GO|PYSEC|RUSTSEC|MAL|OSV)-\d{4}-\d{1,10})\b/g;

/** Identifiers of vulnerabilities named in these texts, each once, in order. */
export function identifiersIn(texts: Iterable<string>): string[] {
  const found = new Set<string>();
  for (const text of texts) {
    for (const [id] of text.slice(0, 2_000).matchAll(known)) {
      found.add(id);
      if (found.size === toldLimits.identifiersMax) return [...found];
    }
  }
  return [...found];
}

function cut(text: string, max: number): string {
  if (text.length <= max) return text;
  // A pair cut in two is no text.
  return `${text.slice(0, max - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}
