import path from 'node:path';
import {
  type Assessment,
  type CompiledAdvisory,
  createExposureIndex,
  describeReason,
  type Explanation,
} from '@breakwater/exposure';
import { type Component, type Inventory, parseInventory } from '@breakwater/formats/inventory';
import { schemeOf } from '@breakwater/versions';
import { z } from 'zod';
import { argument, type Context, type Given } from '../command.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { fileLimits, readInput } from '../files.ts';
import { Json, optionsOf } from '../options.ts';
import { need, Stop } from '../stop.ts';
import type { Terminal } from '../terminal.ts';
import { loadAdvisories } from './advisories.ts';
import { type Background, type KeptAdvisories, loadKept } from './kept-advisories.ts';
import { describeAge, oldMs } from './sync/age.ts';
import { nameOf } from './sync/manifest.ts';
import { isAllUnknown, printNotes, silentAbout, unknownIn } from './unknown-parts.ts';

const Options = z.object({
  ...Json,
  advisories: z.string().optional(),
  from: z.string().optional(),
  debianRelease: z
    .string()
    .regex(/^\d{1,3}$/, 'a number such as 12')
    .optional(),
  distribution: z.string().max(100).optional(),
  explain: z.boolean().default(false),
  strict: z.boolean().default(false),
});

interface NearMiss extends Explanation {
  readonly advisoryId: string;
}

interface Answer {
  readonly inventory: Inventory;
  readonly loaded: KeptAdvisories;
  readonly assessment: Assessment;
  readonly nearMisses: readonly NearMiss[];
}

/**
 * `affected`: holds an inventory against advisories. Bad (1) where a component is affected;
 * refused (2) where none is but an advisory could not be read, a part of the inventory is in no
 * kept data set, or none of it could be held against an advisory, because then nobody knows. With
 * `--strict` undecided (5) where nothing worse is, and of some component nobody can say.
 */
export async function runAffected(given: Given, context: Context): Promise<ExitCode> {
  const options = optionsOf(Options, given);
  const { terminal } = context;
  const bytes = await readInput(argument(given, 0), fileLimits.text, context.stdin);
  const inventory = need(parseInventory(bytes, distributionIn(options)));
  const loaded = await load(options, inventory, context);
  const { assessment, nearMisses } = assess(inventory, loaded.advisories, options.explain);
  const answer = { inventory, loaded, assessment, nearMisses };
  if (options.json) terminal.json(documentOf(answer, options.explain));
  else print(answer, terminal);
  if (assessment.matches.length > 0) return exitCodes.bad;
  const unknown = loaded.unread.length + loaded.notCovered.length;
  if (unknown > 0 || isAllUnknown(inventory)) return exitCodes.refused;
  return options.strict && isInDoubt(answer) ? exitCodes.undecided : exitCodes.good;
}

/** What is printed as undecided, unknown or silent. */
function isInDoubt({ inventory, loaded, assessment }: Answer): boolean {
  return (
    assessment.undecided.length > 0 ||
    unknownIn(inventory) > 0 ||
    silenceOf(loaded, inventory).length > 0
  );
}

/** What a package list is of: `--distribution`, or `--debian-release` for short. */
function distributionIn({ distribution, debianRelease }: z.infer<typeof Options>) {
  const told = debianRelease === undefined ? distribution : `Debian:${debianRelease}`;
  if (told === undefined) return {};
  if (schemeOf(told) !== undefined) return { distribution: told };
  throw new Stop({
    code: 'option-malformed',
    expected: 'a distribution as OSV names it, such as "Rocky Linux:9" or Alpine:v3.20',
    got: JSON.stringify(told),
    todo: 'write it like that, or leave it out where the list begins with /etc/os-release',
  });
}

async function load(
  { advisories, from }: z.infer<typeof Options>,
  inventory: Inventory,
  context: Context,
): Promise<KeptAdvisories> {
  if (advisories !== undefined) {
    const given = await loadAdvisories(advisories, context);
    return { ...given, background: new Map(), sets: [], notCovered: [] };
  }
  const folder = path.resolve(from ?? context.environment.localDirectory);
  return await loadKept(folder, inventory.components);
}

function assess(
  inventory: Inventory,
  advisories: readonly CompiledAdvisory[],
  explain: boolean,
): Pick<Answer, 'assessment' | 'nearMisses'> {
  const index = createExposureIndex();
  index.put('', inventory.components);
  const each = advisories.map((advisory) => index.assess(advisory));
  const nearMisses = !explain
    ? []
    : advisories.flatMap((advisory) =>
        (index.explain(advisory, '') ?? [])
          .filter(({ kind }) => !['affected', 'undecided', 'not-present'].includes(kind))
          .map((explanation) => ({ advisoryId: advisory.id, ...explanation })),
      );
  return {
    assessment: {
      matches: each.flatMap(({ matches }) => matches),
      undecided: each.flatMap(({ undecided }) => undecided),
    },
    nearMisses,
  };
}

function documentOf({ inventory, loaded, assessment, nearMisses }: Answer, explain: boolean) {
  return {
    format: inventory.format,
    components: inventory.components.length,
    notes: inventory.notes,
    advisories: loaded.advisories.length,
    affected: assessment.matches.map(({ advisoryId, component, reason }) => ({
      advisory: advisoryId,
      component,
      reason,
      text: describeReason(component, reason),
      ...loaded.background.get(advisoryId),
    })),
    undecided: assessment.undecided.map(({ advisoryId, component, doubt, text }) => ({
      advisory: advisoryId,
      component,
      doubt,
      text,
    })),
    ...(explain
      ? {
          nearMisses: nearMisses.map(({ advisoryId, ...rest }) => ({
            advisory: advisoryId,
            ...rest,
          })),
        }
      : {}),
    unread: loaded.unread,
    notCovered: loaded.notCovered,
    silentAbout: silenceOf(loaded, inventory),
    data: loaded.sets.map(({ kind, name, records, refused, retrievedAt, checkedAt, sha256 }) => ({
      kind,
      name,
      records,
      refused,
      retrievedAt,
      checkedAt,
      sha256,
    })),
  };
}

function print({ inventory, loaded, assessment, nearMisses }: Answer, terminal: Terminal): void {
  const { matches, undecided } = assessment;
  for (const { advisoryId, component, reason } of matches.toSorted(byUrgency(loaded))) {
    terminal.line(`affected     ${advisoryId}  ${describeReason(component, reason)}`);
    terminal.line(`             ${whereIs(component)}`);
    const known = loaded.background.get(advisoryId);
    if (known !== undefined) printBackground(known, terminal);
  }
  for (const { advisoryId, component, text } of undecided) {
    terminal.line(`undecided    ${advisoryId}  ${component.name} ${component.version}: ${text}`);
    terminal.line(`             ${whereIs(component)}`);
  }
  if (undecided.some(({ doubt }) => doubt === 'release-unknown')) {
    terminal.say(
      'the release decides: say it with --distribution, such as --distribution Debian:12',
    );
  }
  for (const { advisoryId, kind, text } of nearMisses) {
    terminal.line(`not affected ${advisoryId}  ${text} (${kind})`);
  }
  const { format, components } = inventory;
  terminal.line(
    `${matches.length} affected, ${undecided.length} undecided; ` +
      `${counted(components.length, 'component')} (${format}), ${advisoriesOf(loaded)}`,
  );
  printData(loaded, terminal);
  for (const { ecosystem, components: count } of silenceOf(loaded, inventory)) {
    const whose = loaded.sets.length === 0 ? 'these advisories' : 'the advisories about them';
    const silent = `none of ${whose} speaks of ${ecosystem}`;
    terminal.say(`silent       ${counted(count, 'component')} of ${ecosystem}: ${silent}`);
  }
  for (const { where, refusal } of loaded.unread.slice(0, 20)) {
    terminal.say(`not read     ${where}: expected ${refusal.expected}, got ${refusal.got}`);
  }
  if (loaded.unread.length > 0) {
    const all = counted(loaded.unread.length, 'advisory', 'advisories');
    terminal.say(`${all} could not be read: of these nobody knows`);
  }
  printNotes(inventory, terminal);
}

function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** A sync has all ecosystems that it covers; of what is given, what it says nothing of is told. */
function silenceOf({ advisories, sets }: KeptAdvisories, { components }: Inventory) {
  return silentAbout(advisories, components, { releasesAlone: sets.length > 0 });
}

/** Known to be exploited first, then by likelihood; otherwise as they came. */
function byUrgency({ background }: KeptAdvisories) {
  const rank = (id: string) => {
    const known = background.get(id);
    return (known?.kev ? 2 : 0) + (known?.epss?.score ?? 0);
  };
  return (a: { readonly advisoryId: string }, b: { readonly advisoryId: string }) =>
    rank(b.advisoryId) - rank(a.advisoryId);
}

function printBackground({ summary, cves, kev, epss }: Background, terminal: Terminal): void {
  const facts = [
    ...cves.slice(0, 4),
    ...(kev === null
      ? []
      : [
          `EXPLOITED (KEV since ${kev.dateAdded}, federal deadline ${kev.dueDate}` +
            `${kev.ransomware ? ', by ransomware' : ''})`,
        ]),
    ...(epss === null ? [] : [`EPSS ${percent(epss.score)}, higher than ${rankOf(epss)} of all`]),
  ];
  if (facts.length > 0) terminal.line(`             ${facts.join(' · ')}`);
  if (summary !== null) terminal.line(`             "${summary.slice(0, 200)}"`);
}

function percent(share: number): string {
  return `${(share * 100).toFixed(share < 0.1 ? 2 : 1)} %`;
}

function rankOf({ percentile }: { readonly percentile: number }): string {
  return `${Math.floor(percentile * 100)} %`;
}

function advisoriesOf({ sets, advisories }: KeptAdvisories): string {
  const kept = sets.filter(({ kind }) => kind === 'osv').reduce((n, s) => n + s.records, 0);
  return sets.length === 0
    ? counted(advisories.length, 'advisory', 'advisories')
    : `${advisories.length} advisories about them of ${kept}`;
}

function printData({ sets, notCovered }: KeptAdvisories, terminal: Terminal): void {
  const now = Date.now();
  if (sets.length > 0) {
    const ages = sets.map((set) => `${nameOf(set)} ${describeAge(set.checkedAt, now)}`);
    terminal.line(`data: ${ages.join(', ')}`);
  }
  if (sets.some(({ checkedAt }) => now - Date.parse(checkedAt) > oldMs)) {
    terminal.say('old data: new advisories are missing from it; run breakwater sync');
  }
  for (const { ecosystem, components } of notCovered) {
    terminal.say(
      `not looked at ${counted(components, 'component')} of ${ecosystem}: ` +
        `run breakwater sync --ecosystem ${JSON.stringify(ecosystem)}`,
    );
  }
}

function whereIs({ installedAs, path: place }: Component): string {
  return `${place}${installedAs === undefined ? '' : `, installed as ${installedAs}`}`;
}
