import type { distribute, Embargo, Publication, PublicationPreview } from '@breakwater/contract';
import { compileAdvisory, withBinaryPackages } from '@breakwater/exposure';
import type { OsvRecord } from '@breakwater/formats/osv';
import { digestOf, type Id, type Instant, ok, type Result, refuse, utf8 } from '@breakwater/kernel';
import { everyone, levels } from '../../../platform/commands/audience.ts';
import { stale, tellChange } from '../../../platform/commands/revision.ts';
import { setAudience } from '../../../platform/commands/visibility.ts';
import type { Reader } from '../../../platform/database/database.ts';
import { type Call, notFound, responseOf } from '../../../route.ts';
import type { Services } from '../../../services.ts';
import { issuerOf } from './current.ts';
import {
  decidePublish,
  type PatchState,
  type PublicationFacts,
  publicationProblems,
} from './decide.ts';
import type { Exposure } from './jobs.ts';
import { advisoryExists, countInventories, insertAdvisory } from './store.ts';
import { insertVersion, revisionsOf, versionsOf } from './versions/store.ts';

/** What publishing asks of other slices; bound in slices/index.ts. */
export interface PublishNeeds {
  room(reader: Reader, caseId: string): Promise<Room | null>;
  patchState(reader: Reader, patch: string, caseId: string): Promise<PatchState | null>;
  finders(reader: Reader, caseId: string): Promise<readonly Id<'party'>[]>;
  /** How each finder chose to be credited; null: not by name. */
  creditLines(finders: readonly string[]): Promise<ReadonlyMap<string, string | null>>;
}

export interface Room {
  readonly mergedInto: string | null;
  readonly embargo: Embargo;
  readonly advisory: string | null;
  readonly revision: number;
}

export interface Publishable {
  readonly room: Room;
  readonly facts: PublicationFacts;
}

/** Publishes the advisory of a case; the embargo ends with it. */
export async function publish(
  services: Services,
  needs: PublishNeeds,
  call: Call<typeof distribute.publish>,
): Promise<Result<{ advisory: string }>> {
  const { params, body, envelope, actor } = call;
  const { ifRevision, ...wish } = body;
  const credits = await creditsOf(services, needs, params.case);
  const executed = await services.execute(envelope, async (tx, now) => {
    const found = await publishable(services, tx, {
      needs,
      wish,
      caseId: params.case,
      credits,
      now,
    });
    if (found === null) return notFound('a case');
    const changed = stale(ifRevision, found.room.revision);
    if (changed !== null) return refuse(changed);
    const decided = decidePublish(found.room, wish, found.facts);
    if (!decided.ok) return decided;
    const { record: osv, documents } = decided.value;
    const { id, patch, change } = found.facts;
    await insertAdvisory(tx, {
      id,
      case_id: params.case,
      published_at: now,
      osv,
      patch: wish.patch ?? null,
    });
    await insertVersion(tx, {
      advisory: id,
      version: 1,
      publishedAt: now,
      change,
      osv,
      documents,
    });
    const open = [id, wish.patch, patch?.attestation].filter((s) => s !== undefined && s !== null);
    for (const subject of open)
      await setAudience(tx, subject, [{ principal: everyone, level: levels.detail }]);
    const data = {
      advisory: id,
      osv: digestOf(utf8(osvText(osv))),
      patch: wish.patch ?? null,
    };
    return ok({
      events: [{ act: 'distribute.published', subject: params.case, data }],
      response: { advisory: id },
    });
  });
  return responseOf(await tellChange(services, executed, { subject: params.case, actor }));
}

/** The advisory as it would go out now, by the very path that publishes it. Changes nothing. */
export async function previewPublication(
  services: Services,
  given: { readonly needs: PublishNeeds; readonly exposure: Exposure },
  { params, body, now }: Call<typeof distribute.preview>,
): Promise<Result<PublicationPreview>> {
  const { needs, exposure } = given;
  const credits = await creditsOf(services, needs, params.case);
  const of = { needs, wish: body, caseId: params.case, credits, now };
  const found = await services.database.read(
    async (reader) => await publishable(services, reader, of),
  );
  if (found === null) return notFound('a case');
  const { problems, record } = publicationProblems(found.room, body, found.facts);
  const reach = record === null ? null : compileAdvisory(withBinaryPackages(record));
  const matches = reach === null ? null : (await exposure.fresh()).affected(reach);
  return ok({
    osv: record === null ? null : osvText(record),
    credits: await Promise.all(
      credits.map(async ({ finder, line }) => ({
        finder: await services.directory.refOf(finder),
        line: body.creditFinders ? line : null,
      })),
    ),
    inventories: await services.database.read(countInventories),
    affected: matches === null ? null : new Set(matches.map((m) => m.inventoryId)).size,
    problems: problems.map((problem) => ({ ...problem, pointer: problem.pointer ?? null })),
  });
}

/** The order in which the OSV schema describes a record. */
const fieldOrder: readonly string[] = [
  'schema_version',
  'id',
  'modified',
  'published',
  'aliases',
  'summary',
  'details',
  'severity',
  'affected',
  'references',
  'credits',
  'database_specific',
];

/** An advisory as it is served, to the byte: whichever way it was kept, its fields have one order. */
export function osvText(record: OsvRecord): string {
  const fields = Object.entries(record).toSorted(
    ([a], [b]) => fieldOrder.indexOf(a) - fieldOrder.indexOf(b),
  );
  return `${JSON.stringify(Object.fromEntries(fields.map(([k, v]) => [k, sorted(v)])), null, 2)}\n`;
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const fields = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(fields.map(([name, each]) => [name, sorted(each)]));
}

export interface CreditLine {
  readonly finder: Id<'party'>;
  readonly line: string | null;
}

/** What publishing a case would be decided on; null: there is no such case. */
export async function publishable(
  services: Services,
  reader: Reader,
  of: {
    readonly needs: PublishNeeds;
    readonly wish: Publication;
    readonly caseId: string;
    readonly credits: readonly CreditLine[];
    readonly now: Instant;
    /** Of a later version: what is new. */
    readonly change?: string;
  },
): Promise<Publishable | null> {
  const { needs, wish, caseId, credits, now } = of;
  const room = await needs.room(reader, caseId);
  if (room === null) return null;
  const patch =
    wish.patch === undefined ? null : await needs.patchState(reader, wish.patch, caseId);
  const revised = room.advisory === null ? [] : await versionsOf(reader, room.advisory);
  const facts = {
    id: room.advisory ?? (await advisoryId(services, reader, caseId, now)),
    now,
    patch: patch ?? (wish.patch === undefined ? null : noSuchPatch),
    finders: credits.flatMap(({ line }) => line ?? []),
    issuer: issuerOf(services),
    revisions: revisionsOf(revised),
    change: of.change ?? 'First publication.',
  };
  return { room, facts };
}

const noSuchPatch: PatchState = { inCase: false, verified: false, sha256: '', attestation: null };

/** How each finder of a case is credited. */
export async function creditsOf(
  services: Services,
  needs: PublishNeeds,
  caseId: string,
): Promise<CreditLine[]> {
  const finders = await services.database.read((r) => needs.finders(r, caseId));
  const lines = await needs.creditLines(finders);
  return finders.map((finder) => ({ finder, line: lines.get(finder) ?? null }));
}

const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/**
 * The id of a case's advisory, the same each time it is asked for, so that a preview shows what will
 * be published; under the instance's secret, so that nobody else can tell it before. `x_` because
 * the prefix is not one of the databases registered with the OSV schema.
 */
async function advisoryId(
  services: Services,
  reader: Reader,
  caseId: string,
  now: Instant,
): Promise<string> {
  for (let attempt = 0; ; attempt += 1) {
    const bytes = services.content.blind(`advisory\n${caseId}\n${attempt}`).subarray(0, 8);
    const letters = Array.from(bytes, (byte) => alphabet[byte & 31]).join('');
    const id = `x_BW-${now.slice(0, 4)}-${letters}`;
    // 40 bits: that two cases share an id is rare, and no reason to publish neither.
    if (!(await advisoryExists(reader, { id, besides: caseId })) || attempt > 9) return id;
  }
}
