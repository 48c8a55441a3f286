import * as contract from '@breakwater/contract';
import { type Found, type FoundKind, foundKinds } from '@breakwater/contract';
import {
  type Id,
  type IdKind,
  idKinds,
  ok,
  parseId,
  type Result,
  refuse,
} from '@breakwater/kernel';
import type { Actor, Event } from '../platform/commands/commands.ts';
import type { SearchNeeds } from '../platform/search/routes.ts';
import type { Source } from '../platform/search/source.ts';
import type { Match } from '../platform/search/word-index.ts';
import type { Services } from '../services.ts';
import * as collect from './clearinghouse/collect/index.ts';
import * as coordinate from './clearinghouse/coordinate/index.ts';
import * as correlate from './clearinghouse/correlate/index.ts';
import * as distribute from './clearinghouse/distribute/index.ts';
import * as validate from './clearinghouse/validate/index.ts';

/** Everything that can be found, in the order in which a starting server reads it. */
export const sources: readonly Source[] = [
  askedOf(hasOtherName, distribute.searchableAdvisories),
  askedOf(hasOtherName, validate.searchableRecipes),
  askedOf(isOf('case', 'content'), coordinate.searchableCases),
  askedOf(isOf('finding'), collect.searchableFindings),
  askedOf(isOf('message', 'case'), coordinate.searchableMessages),
  askedOf(isOf('inventory'), distribute.searchableInventories),
  askedOf(isOf('notice'), distribute.searchableNotices),
];

/** A report changes thousands of findings at once: the other slices are not asked about those. */
function askedOf(knows: (id: string) => boolean, source: Source): Source {
  return async (reader, wish) => {
    if (!('about' in wish)) return await source(reader, wish);
    const about = wish.about.filter(knows);
    return about.length === 0 ? [] : await source(reader, { about });
  };
}

function isOf(...kinds: readonly IdKind[]) {
  return (id: string) => kinds.some((kind) => parseId(kind, id) !== null);
}

/** Advisories and recipes are named by people. */
function hasOtherName(id: string): boolean {
  return !idKinds.some((kind) => parseId(kind, id) !== null);
}

const changed: Readonly<Record<string, (event: Event) => readonly unknown[]>> = {
  'collect.received': (e) => [e.subject],
  'correlate.opened': (e) => [e.subject],
  'correlate.split': (e) => [e.data['from'], e.data['into']],
  'coordinate.said': (e) => [e.data['message']],
  'validate.recipe-added': (e) => [e.subject],
  'distribute.published': (e) => [e.data['advisory']],
  'distribute.revised': (e) => [e.data['advisory']],
  'distribute.inventory-added': (e) => [e.data['inventory']],
  'distribute.inventory-changed': (e) => [e.data['inventory']],
  'distribute.inventory-removed': (e) => [e.data['inventory'], ...listOf(e.data['notices'])],
  'distribute.notified': (e) => [e.subject],
  // The item may be of its subject, of anything that this rules, or a title lent to a case.
  'record.erased': (e) => [e.subject, e.data['content']],
};

/** Ids of what can be found otherwise after `event`. */
export function changedBy(event: Event): readonly string[] {
  const ids = changed[event.act]?.(event) ?? [];
  return ids.filter((id): id is string => typeof id === 'string');
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

type CaseNeeds = Parameters<typeof coordinate.casesSeen>[1];

/** Shows what was found as the slices' own pages do, asked for all at once. */
export function searchNeeds(services: Services, cases: CaseNeeds): SearchNeeds {
  return {
    kindsFor: (permissions) => foundKinds.filter((kind) => permissions.includes(readBy[kind].id)),
    describe: (actor, matches) => describe(services, cases, { actor, matches }),
  };
}

/** Whoever may read a kind by this operation may find it; advisories are read by everyone. */
const readBy: Readonly<Record<FoundKind, { readonly id: string }>> = {
  case: contract.coordinate.get,
  finding: contract.collect.get,
  message: contract.coordinate.messages,
  advisory: contract.search.find,
  recipe: contract.validate.listRecipes,
  inventory: contract.distribute.listInventories,
  notice: contract.distribute.listNotices,
};

async function describe(
  services: Services,
  needs: CaseNeeds,
  { actor, matches }: { readonly actor: Actor; readonly matches: readonly Match[] },
): Promise<readonly Found[]> {
  const { database, content } = services;
  const ids = matches.map((match) => match.id);
  const [findings, rows, recipes] = await database.read(async (r) => [
    await collect.foundFindings(r, ids, actor),
    await distribute.foundByIds(r, ids, actor),
    await validate.foundRecipes(r, ids),
  ]);
  const caseOf = await caseIds(services, matches);
  const seen = await coordinate.casesSeen(services, needs, {
    ids: [...new Set(caseOf.values())],
    actor,
  });
  const caseBy = new Map(seen.map((view) => [String(view.id), view]));
  const text = async (id: Id<'content'>) => (await content.getText(id)) ?? '(erased)';
  const shown = new Map<string, Pick<Found, 'title' | 'package'>>();
  for (const view of seen) shown.set(view.id, view);
  for (const row of recipes) shown.set(`recipe ${row.name}`, row);
  await Promise.all([
    ...findings.map(async (row) =>
      shown.set(row.id, { title: await text(row.title_content), package: row.package }),
    ),
    ...rows.inventories.map(async (row) =>
      shown.set(row.id, { title: await text(row.name_content), package: null }),
    ),
  ]);
  for (const { id, osv } of rows.advisories) {
    const named = osv.affected?.[0]?.package?.name ?? null;
    shown.set(id, { title: osv.summary ?? id, package: named });
  }
  for (const row of rows.notices) {
    shown.set(row.id, { title: `${row.component} ${row.version}`, package: row.component });
  }
  return matches.flatMap((match): Found[] => {
    const inCase = caseBy.get(caseOf.get(match.id) ?? '');
    const key = match.kind === 'recipe' ? `recipe ${match.id}` : match.id;
    const view = match.kind === 'message' ? inCase : shown.get(key);
    if (view === undefined) return [];
    return [
      {
        kind: match.kind,
        id: match.id,
        title: view.title,
        package: view.package,
        case: inCase?.id ?? null,
        stage: inCase?.stage ?? null,
        in: [...match.in],
      },
    ];
  });
}

/** The case each match belongs to, whoever may see it. */
async function caseIds(
  { database }: Services,
  matches: readonly Match[],
): Promise<ReadonlyMap<string, string>> {
  const findings = matches.filter((m) => m.kind === 'finding').map((m) => m.id);
  const cases = new Map<string, string>(
    findings.length === 0 ? [] : await database.read((r) => correlate.casesOf(r, findings)),
  );
  for (const { kind, id, subject } of matches) {
    if (kind === 'case') cases.set(id, id);
    if (kind === 'message' && subject !== null) cases.set(id, subject);
  }
  return cases;
}

/** The cases of what matches `text` best, for a list: also those known by a finding or a message. */
export async function matchingCases(
  services: Services,
  actor: Actor,
  { text, limit }: { readonly text: string; readonly limit: number },
): Promise<Result<readonly string[]>> {
  const wish = { text, limit, kinds: ['case', 'finding', 'message'] as const };
  const { matches, complete } = await services.search.find(actor, wish);
  if (!complete) return refuse(starting);
  const cases = await caseIds(services, matches);
  return ok([...new Set(cases.values())].filter((id) => parseId('case', id) !== null));
}

const starting = {
  code: 'search-starting',
  expected: 'a server that has read what there is to be found',
  got: 'one that was started a moment ago',
  todo: 'ask again in a few seconds, or without the filter text',
} as const;
