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
    where: matches.map((match) => ({
      component: installedName(match),
      version: match.component.version,
      fixed: fixedBy(match),
      reason: describeReason(match.component, match.reason),
      path: match.component.path,
    })),
    advisory: record.id,
  };
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
  const fixed = fixedBy(matches[0]);
  return [
    { text: 'Open a terminal on the machine, as an administrator.', command: null },
    { text: 'Fetch the list of updates.', command: 'sudo apt-get update' },
    {
      text: `Install the update of ${listOf(packages)}.`,
      command: `sudo apt-get install --only-upgrade ${packages.join(' ')}`,
    },
    {
      text: `Check: the version must be ${fixed ?? 'newer'} or later. If it is not, the security updates of your release are switched off: ask whoever runs the machine.`,
      command: `dpkg-query -W ${packages.join(' ')}`,
    },
    { text: 'Restart the programs that use it, or the machine.', command: null },
  ];
}

function npmSteps(matches: readonly Match[]): Step[] {
  const byName = new Map(matches.map((match) => [match.component.name, fixedBy(match)]));
  return [
    { text: 'Open a terminal in the folder of the project.', command: null },
    ...[...byName].flatMap(([name, fixed]) => npmUpdate(name, fixed)),
    { text: 'Deploy the project again.', command: null },
  ];
}

function npmUpdate(name: string, fixed: string | null): Step[] {
  return [
    {
      text: `Update ${name} wherever the project uses it.`,
      command: `npm update ${name}`,
    },
    {
      text: `Check: every line must show ${fixed ?? 'a newer version'} or later.`,
      command: `npm ls ${name}`,
    },
    {
      text: `If an older one remains, another package holds it back: update the package that is named above it, or force ${name} with an override.`,
      command: fixed === null ? null : `npm pkg set "overrides.${name}=>=${fixed}" && npm install`,
    },
  ];
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
