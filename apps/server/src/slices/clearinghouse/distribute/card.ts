import type { Card } from '@breakwater/contract';
import type { Match } from '@breakwater/exposure';
import { describeReason } from '@breakwater/exposure';
import type { OsvRecord } from '@breakwater/formats/osv';
import type { Digest, Id, Instant } from '@breakwater/kernel';

/** What a card is made of. */
export interface CardFacts {
  readonly record: OsvRecord;
  /** At least one: what of this inventory is affected. */
  readonly matches: readonly Match[];
  readonly inventory: string;
  readonly due: { readonly dueAt: Instant | null; readonly because: string };
  readonly patch: {
    readonly id: Id<'patch'>;
    readonly sha256: Digest;
    readonly attestation: Id<'attestation'> | null;
  } | null;
}

type Step = Card['steps'][number];

/**
 * Everything an operator must do, in plain words, on one card (law 7): what, by when, and the fix
 * itself: the exact command, or the verified patch.
 */
export function makeCard(facts: CardFacts): Card {
  const { record, matches, inventory, due, patch } = facts;
  const names = [...new Set(matches.map((m) => installedName(m)))];
  return {
    headline: `Update ${listOf(names)} on ${inventory}`,
    why: record.summary ?? record.id,
    steps: stepsFor(matches),
    patch,
    dueAt: due.dueAt,
    dueBecause: due.because,
    where: placesOf(matches),
    advisory: record.id,
  };
}

/** Where in an inventory what is affected was found, and why it is. */
export function placesOf(matches: readonly Match[]): Card['where'] {
  return matches.map((match) => ({
    component: installedName(match),
    version: match.component.version,
    fixed: fixedBy(match),
    reason: describeReason(match.component, match.reason),
    path: match.component.path,
  }));
}

/**
 * Names a command may carry: Debian Policy 5.6.1, and npm's names. A bill of materials may come from
 * a third party, and its names are copied into a terminal: no space, sign of a shell or option.
 */
const commandNames = {
  debian: /^[a-z0-9][a-z0-9+.-]+$/,
  npm: /^(?:@[A-Za-z0-9_][\w.-]*\/)?[A-Za-z0-9_][\w.-]*$/,
} as const;

function stepsFor(matches: readonly Match[]): Step[] {
  const npm = matches.filter((m) => m.component.ecosystem === 'npm');
  const debian = matches.filter((m) => m.component.ecosystem.startsWith('Debian'));
  const [npmNamed, npmOdd] = partition(npm, (m) => commandNames.npm.test(m.component.name));
  const [debianNamed, debianOdd] = partition(debian, (m) =>
    commandNames.debian.test(installedName(m)),
  );
  return [
    ...(debianNamed.length === 0 ? [] : debianSteps(debianNamed)),
    ...(npmNamed.length === 0 ? [] : npmSteps(npmNamed)),
    ...[...debianOdd, ...npmOdd].map(oddStep),
  ];
}

function oddStep(match: Match): Step {
  const name = JSON.stringify(installedName(match));
  return {
    text: `Ask whoever made the inventory about ${name}: no package can have this name, so no command is given for it.`,
    command: null,
  };
}

function partition<T>(items: readonly T[], fits: (item: T) => boolean): [T[], T[]] {
  return [items.filter(fits), items.filter((item) => !fits(item))];
}

function debianSteps(matches: readonly Match[]): Step[] {
  const packages = [...new Set(matches.map(installedName))].sort();
  return [
    {
      text: 'On the machine that this list describes, open a terminal as an administrator.',
      command: null,
    },
    { text: 'Fetch the list of updates.', command: 'sudo apt-get update' },
    {
      text: `Install the update of ${listOf(packages)}. Answer Y if it asks.`,
      command: `sudo apt-get install --only-upgrade ${packages.join(' ')}`,
    },
    {
      text: `Check what is installed now. It must be ${listOf(wanted(matches))}.`,
      command: `dpkg-query -W ${packages.join(' ')}`,
    },
    {
      text: 'Restart the machine at a quiet hour, or the programs that use it: until then they go on with the old one.',
      command: null,
    },
    {
      text: 'If the version is still older, this machine gets no security updates: ask whoever looks after it to switch them on, and report here that somebody else does it.',
      command: null,
    },
  ];
}

function npmSteps(matches: readonly Match[]): Step[] {
  const names = [...new Set(matches.map((match) => match.component.name))];
  return [
    {
      text: 'Open a terminal in the folder of the project that this list describes.',
      command: null,
    },
    ...names.flatMap((name) => npmUpdate(matches.filter((match) => match.component.name === name))),
    {
      text: 'Test the project as you always do, and deploy it again: until then the old one runs.',
      command: null,
    },
  ];
}

/** Of one package. */
function npmUpdate(matches: readonly Match[]): Step[] {
  const name = matches[0]?.component.name ?? '';
  const fixed = new Set(matches.map(fixedBy));
  const [only = null] = fixed.size === 1 ? fixed : [];
  return [
    {
      text: `Update ${name} wherever the project uses it.`,
      command: `npm update ${name}`,
    },
    {
      text: `Check every line. ${only === null ? eachWanted(matches) : `It must be ${name} ${only} or later.`}`,
      command: `npm ls ${name}`,
    },
    {
      text: `If an older one remains, what is named above it holds it back: ask for a newer version of that, or force ${name} to the fixed one, which can break the project.`,
      command:
        only === null || !plainVersion.test(only)
          ? null
          : `npm pkg set "overrides[${name}]=>=${only}" && npm install`,
    },
  ];
}

/** Nothing that a shell obeys between double quotes. */
const plainVersion = /^[0-9A-Za-z.+~:-]+$/;

/** What each installed version must become, where one fix is not the fix of all. */
function eachWanted(matches: readonly Match[]): string {
  const each = matches.map((match) => {
    const fixed = fixedBy(match);
    return `Where it was ${match.component.version}, it must be ${fixed === null ? 'newer' : `${fixed} or later`}.`;
  });
  return [...new Set(each)].sort().join(' ');
}

/** `libcjson1 1.2 or later`, for each package. */
function wanted(matches: readonly Match[]): string[] {
  const each = matches.map((match) => {
    const fixed = fixedBy(match);
    const { version } = match.component;
    return `${installedName(match)} ${fixed === null ? `newer than ${version}` : `${fixed} or later`}`;
  });
  return [...new Set(each)].sort();
}

function installedName(match: Match): string {
  return match.component.installedAs ?? match.component.name;
}

function fixedBy(match: Match | undefined): string | null {
  const reason = match?.reason;
  if (reason?.how !== 'version-in-range' || reason.end?.kind !== 'fixed') return null;
  return reason.end.version;
}

function listOf(names: readonly string[]): string {
  const last = names.at(-1) ?? '';
  return names.length < 2 ? last : `${names.slice(0, -1).join(', ')} and ${last}`;
}
