/** Versions from one on, the first included, up to another. */
export interface Interval {
  /** null: from the very first. */
  readonly introduced: string | null;
  /** The first version after it that is not in it; null: none is known. */
  readonly fixed: string | null;
  /** Where `fixed` is not known: the last one that is in it; null: it has no end. */
  readonly lastAffected: string | null;
}

/**
 * Version ranges as VERS writes them (package-url/vers-spec), such as `vers:npm/>=1.0.0|<1.2.0`.
 *
 * In: the intervals in the order of their versions, apart from each other. A `type` is a package
 * URL's. An interval without bounds stands alone, as `*`.
 */
export function writeVers(type: string, intervals: readonly Interval[]): string {
  const constraints = intervals.flatMap(({ introduced, fixed, lastAffected }) => {
    if (introduced !== null && introduced === lastAffected) return [encoded(introduced)];
    const end = fixed === null ? null : `<${encoded(fixed)}`;
    const last = lastAffected === null ? null : `<=${encoded(lastAffected)}`;
    return [introduced === null ? null : `>=${encoded(introduced)}`, end ?? last].filter(
      (part) => part !== null,
    );
  });
  return `vers:${type}/${constraints.length === 0 ? '*' : constraints.join('|')}`;
}

/** Constraints looked at; a longer text is none of ours. */
const constraintsMax = 10_000;

const shape = /^vers:([a-z0-9.+-]+)\/(.+)$/;

/** The intervals a VERS text says; null: it is none, or one that excludes single versions. */
export function readVers(
  text: string,
): { readonly type: string; readonly intervals: readonly Interval[] } | null {
  const [, type, range] = shape.exec(text) ?? [];
  if (type === undefined || range === undefined) return null;
  if (range === '*') return { type, intervals: [all] };
  const intervals: Interval[] = [];
  let open: string | null = null;
  for (const constraint of range.split('|', constraintsMax)) {
    const [, comparator = '', rest = ''] = /^(>=|<=|<|>|!=|=)?(.+)$/.exec(constraint) ?? [];
    const version = decoded(rest);
    const isFirst = intervals.length === 0;
    if (version === null) return null;
    if (comparator === '>=' && open === null) open = version;
    else if ((comparator === '<' || comparator === '<=') && (open !== null || isFirst)) {
      const fixed = comparator === '<' ? version : null;
      const lastAffected = comparator === '<=' ? version : null;
      intervals.push({ introduced: open, fixed, lastAffected });
      open = null;
    } else if ((comparator === '' || comparator === '=') && open === null) {
      intervals.push({ introduced: version, fixed: null, lastAffected: version });
    } else return null;
  }
  if (open !== null) intervals.push({ introduced: open, fixed: null, lastAffected: null });
  return { type, intervals };
}

const all: Interval = { introduced: null, fixed: null, lastAffected: null };

function encoded(version: string): string {
  return encodeURIComponent(version).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function decoded(text: string): string | null {
  try {
    return /[<>=!|,*]/.test(text) || text === '' ? null : decodeURIComponent(text);
  } catch {
    return null;
  }
}
