import {
  type CommitOrder,
  namesOf,
  parseTarget,
  type Rename,
  type RepositoryTarget,
} from '@breakwater/scope';
import type { Reader } from '../../../../platform/database/database.ts';
import type { Services } from '../../../../services.ts';
import { repositoryText } from './decide.ts';
import { commitsOf, newestOrders, type RenameRow, standingRenames } from './store.ts';

interface Kept {
  readonly atMs: number;
  readonly renames: Promise<readonly Rename[]>;
}

const kept = new WeakMap<Services, Kept>();
const readAgainMs = 1_000;

/** The renames that stand, at most a second old: every claim asks, and they hardly ever change. */
export async function renamesKnown(services: Services): Promise<readonly Rename[]> {
  const nowMs = Date.parse(services.clock.now());
  const known = kept.get(services);
  if (known !== undefined && Math.abs(nowMs - known.atMs) < readAgainMs) return await known.renames;
  const renames = services.database.read(readRenames);
  kept.set(services, { atMs: nowMs, renames });
  try {
    return await renames;
  } catch (error) {
    kept.delete(services);
    throw error;
  }
}

/** Has them read again by whoever asks next here. */
export function forgetRenames(services: Services): void {
  kept.delete(services);
}

/** The renames that stand. */
export async function readRenames(reader: Reader): Promise<readonly Rename[]> {
  return (await standingRenames(reader)).flatMap(renameOf);
}

/** A rename as it is kept; what is kept is canonical, so that it is read back. */
export function renameOf(row: Pick<RenameRow, 'from_target' | 'to_target'>): readonly Rename[] {
  const from = parseTarget(row.from_target);
  const to = parseTarget(row.to_target);
  if (!from.ok || from.value.kind !== 'repository') return [];
  if (!to.ok || to.value.kind !== 'repository') return [];
  return [{ from: from.value, to: to.value }];
}

/** All texts that facts about a repository may be kept under, its own first. */
export function namesToAsk(
  target: RepositoryTarget,
  renames: readonly Rename[],
): readonly string[] {
  const whole = { ...target, path: '', lineage: target.lineage.replace(/!.*$/s, '!') };
  return namesOf(whole, renames).flatMap((name) =>
    name.kind === 'repository' ? [repositoryText(name)] : [],
  );
}

/** Orders read from their rows, which never change; each may know fifty thousand commits. */
const orders = new Map<string, ReadonlyMap<string, number>>();
const ordersMax = 8;

/** The orders of these repositories, each under whichever of its names it was told of. */
export async function commitOrderOf(
  reader: Reader,
  repositories: readonly RepositoryTarget[],
  renames: readonly Rename[],
): Promise<CommitOrder | undefined> {
  const asked = new Map(repositories.map((r) => [repositoryText(r), namesToAsk(r, renames)]));
  const found = await newestOrders(reader, [...new Set([...asked.values()].flat())]);
  if (found.length === 0) return undefined;
  const byName = new Map<string, ReadonlyMap<string, number>>();
  for (const { id, repository } of found) byName.set(repository, await orderOf(reader, id));
  return (repository) => {
    const names = asked.get(repository) ?? [repository];
    return names.map((name) => byName.get(name)).find((order) => order !== undefined);
  };
}

async function orderOf(reader: Reader, id: string): Promise<ReadonlyMap<string, number>> {
  const known = orders.get(id);
  if (known !== undefined) return known;
  const order = new Map((await commitsOf(reader, id)).map((commit, i) => [commit, i]));
  const [oldest] = orders.keys();
  if (orders.size >= ordersMax && oldest !== undefined) orders.delete(oldest);
  orders.set(id, order);
  return order;
}
