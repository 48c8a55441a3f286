/** One application that came to its end. */
export interface Ended {
  readonly group: string;
  readonly accepted: boolean;
  readonly appealed: boolean;
  readonly late: boolean;
  readonly days: number;
}

export interface Line {
  /** null: those groups together that are told of in no line of their own. */
  readonly group: string | null;
  readonly groups: number;
  readonly applications: number;
  readonly accepted: number | null;
  readonly declined: number | null;
  readonly appealed: number | null;
  readonly late: number;
  readonly daysMedian: number | null;
}

/** How to be careful: below `least` nothing is told. At least 3, or sums of two would tell. */
export interface Care {
  readonly groups: readonly string[];
  readonly least: number;
}

/** PAR-18: the line of all; null: too few for any figure. */
export function totalOf(ended: readonly Ended[], least: number): Line | null {
  if (ended.length < least) return null;
  const line = { group: null, groups: 0, ended };
  return lineOf(line, {
    accepted: isSafe([line], 'accepted', least),
    appealed: isSafe([line], 'appealed', least),
  });
}

/**
 * PAR-18, PAR-19: a line for each group of which there is enough, and one for all others together.
 * Groups with fewer than `least` are hidden; where their sum would tell one of them, the next
 * smallest are hidden with them. What divides the lines is told in all of them, or in none.
 */
export function publish(ended: readonly Ended[], care: Care): readonly Line[] {
  if (ended.length < care.least) return [];
  const by = Map.groupBy(ended, ({ group }) => group);
  const counts = new Map(care.groups.map((group) => [group, by.get(group)?.length ?? 0]));
  const hidden = hiddenOf(counts, care.least);
  const shown = care.groups.filter((group) => !hidden.has(group));
  const lines = shown.map((group) => ({ group, groups: 1, ended: by.get(group) ?? [] }));
  const others = {
    group: null,
    groups: hidden.size,
    ended: ended.filter(({ group }) => hidden.has(group)),
  };
  const all: readonly Lined[] = hidden.size === 0 ? lines : [...lines, others];
  const whole = { group: null, groups: 0, ended };
  const told = (what: Division) => isSafe([whole, ...all], what, care.least);
  const shows = { accepted: told('accepted'), appealed: told('appealed') };
  return all.map((line) => lineOf(line, shows));
}

interface Lined {
  readonly group: string | null;
  readonly groups: number;
  readonly ended: readonly Ended[];
}

type Division = 'accepted' | 'appealed';

/** The groups that have no line of their own. */
function hiddenOf(counts: ReadonlyMap<string, number>, least: number): ReadonlySet<string> {
  const rising = [...counts].toSorted(([, one], [, other]) => one - other);
  const small = rising.filter(([, count]) => count < least).length;
  let size = small;
  while (size < rising.length && !isHiding(rising.slice(0, size), { small, least })) {
    const next = rising[size]?.[1];
    // All of the same size together: the order among them would tell which was meant.
    while (size < rising.length && rising[size]?.[1] === next) size++;
  }
  return new Set(rising.slice(0, size).map(([group]) => group));
}

/** Whether the sum over hidden groups leaves each of them open, also to who knows all of this. */
function isHiding(
  hidden: readonly (readonly [string, number])[],
  { small, least }: { readonly small: number; readonly least: number },
): boolean {
  const sum = hidden.reduce((all, [, count]) => all + count, 0);
  // None came from any of them: nobody is there to be told of.
  if (sum === 0) return true;
  const allLargest = hidden.length === small && sum === small * (least - 1);
  return hidden.length >= 2 && sum >= least && !allLargest;
}

/** Whether every line has enough on both sides of a division. */
function isSafe(lines: readonly Lined[], what: Division, least: number): boolean {
  return lines.every(({ ended }) => {
    const many = ended.filter((each) => each[what]).length;
    return ended.length === 0 || Math.min(many, ended.length - many) >= least;
  });
}

function lineOf({ group, groups, ended }: Lined, shows: Readonly<Record<Division, boolean>>): Line {
  const accepted = ended.filter((each) => each.accepted).length;
  const days = ended.map((each) => each.days).toSorted((one, other) => one - other);
  return {
    group,
    groups,
    applications: ended.length,
    accepted: shows.accepted ? accepted : null,
    declined: shows.accepted ? ended.length - accepted : null,
    appealed: shows.appealed ? ended.filter((each) => each.appealed).length : null,
    late: ended.filter((each) => each.late).length,
    daysMedian: medianOf(days),
  };
}

/** The lower one of two in the middle: a day that somebody waited, and no half of one. */
function medianOf(rising: readonly number[]): number | null {
  return rising[Math.ceil(rising.length / 2) - 1] ?? null;
}
