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

function stepsFor(matches: readonly Match[]): Step[] {
  const npm = matches.filter((m) => m.component.ecosystem === 'npm');
  const debian = matches.filter((m) => m.component.ecosystem.startsWith('Debian'));
  return [
    ...(debian.length === 0 ? [] : debianSteps(debian)),
    ...(npm.length === 0 ? [] : npmSteps(npm)),
  ];
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
  const name = matches[0]?.component.name ?? '';
  const fixed = fixedBy(matches[0]);
  return [
    { text: 'Open a terminal in the folder of the project.', command: null },
    { text: `Update ${name} wherever the project uses it.`, command: `npm update ${name}` },
    {
      text: `Check: every line must show ${fixed ?? 'a newer version'} or later.`,
      command: `npm ls ${name}`,
    },
    {
      text: `If an older one remains, another package holds it back: update the package that is named above it, or force ${name} with an override.`,
      command: fixed === null ? null : `npm pkg set "overrides.${name}=>=${fixed}" && npm install`,
    },
    { text: 'Deploy the project again.', command: null },
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
