import type { Scope } from '@breakwater/contract';
import { ok, type Result } from '@breakwater/kernel';
import type { Services } from '../../../../services.ts';
import { commitOrderOf, renamesKnown } from '../names/facts.ts';
import { type Look, readLook, repositoriesByCommit, withOrder } from './extent.ts';

/** Reads what was asked for, with what is known of its repositories: names, and order of commits. */
export async function askedLook(services: Services, scope: Scope): Promise<Result<Look>> {
  const renames = await renamesKnown(services);
  const look = readLook(scope, renames);
  if (!look.ok) return look;
  const repositories = repositoriesByCommit(look.value);
  if (repositories.length === 0) return look;
  const order = await services.database.read((r) => commitOrderOf(r, repositories, renames));
  return ok(withOrder(look.value, order));
}
