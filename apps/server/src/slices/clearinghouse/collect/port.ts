import { type Finding, FindingSubmission } from '@breakwater/contract';
import type { Id, Instant, Json, Result } from '@breakwater/kernel';
import { signatureOf } from '@breakwater/runner';
import { system } from '../../../platform/commands/audience.ts';
import type { Actor } from '../../../platform/commands/commands.ts';
import type { Reader } from '../../../platform/database/database.ts';
import type { Services } from '../../../services.ts';
import type { CollectNeeds } from './needs.ts';
import { submit } from './routes.ts';
import { findFinding, findingForWork, ownFindings } from './store.ts';
import { findingViews, readFacts } from './views.ts';

/** The crash a finding's report claims, in the one line the runner names crashes with. */
export async function claimedSignature(
  services: Services,
  finding: string,
): Promise<string | null> {
  const row = await services.database.read((r) => findingForWork(r, finding));
  const facts = row === null ? null : await readFacts(services, row.facts_content);
  return facts?.crash ? signatureOf(facts.crash) : null;
}

/** A finding as `actor` may see it; null where it may not. */
export async function visibleFinding(
  services: Services,
  needs: CollectNeeds,
  finding: string,
  actor: Actor,
): Promise<Finding | null> {
  const row = await services.database.read((r) => findFinding(r, finding, actor));
  const [view] = await findingViews(services, needs, row === null ? [] : [row]);
  return view ?? null;
}

/** What a case that begins with this finding is called, and of what. */
export async function openingOf(reader: Reader, finding: string) {
  const row = await findingForWork(reader, finding);
  if (row === null) throw new Error(`no finding ${finding}`);
  const { title_content: title, package: purl, version, recipe, marking } = row;
  return { title, package: purl, version, recipe, marking };
}

/** Those of `findings` that the reader handed in, by id. */
export async function ownAmong(
  reader: Reader,
  findings: readonly string[],
  actor: Actor,
): Promise<
  ReadonlyMap<
    string,
    { readonly title: Id<'content'>; readonly receivedAt: Instant; readonly version: string }
  >
> {
  const rows = await ownFindings(reader, findings, actor);
  return new Map(
    rows.map((row) => [
      row.id,
      { title: row.title_content, receivedAt: row.received_at, version: row.version },
    ]),
  );
}

/** Hands in a crash as party `by`; the same key twice is one finding. */
export async function submitAs(
  services: Services,
  needs: CollectNeeds,
  given: { readonly crash: Json; readonly by: string; readonly key: string },
): Promise<Result<{ finding: Id<'finding'> }>> {
  const body = FindingSubmission.parse(given.crash);
  const actor: Actor = { ...system, id: given.by as Id<'party'> }; // a party column's value
  const envelope = {
    actor,
    operation: 'collect.submit',
    idempotencyKey: given.key,
    request: given.crash,
  };
  return await submit(services, needs, { actor, body, envelope, now: services.clock.now() });
}
