import { type Disclosure, type Output, record } from '@breakwater/contract';
import {
  fromUtf8,
  type Id,
  type Json,
  ok,
  type Result,
  refuse,
  toBase64,
} from '@breakwater/kernel';
import { inclusionProof, openCheckpoint, tileReader } from '@breakwater/log';
import { z } from 'zod';
import { levels } from '../../../platform/commands/audience.ts';
import type { Actor } from '../../../platform/commands/commands.ts';
import { levelOf } from '../../../platform/commands/visibility.ts';
import type { Reader } from '../../../platform/database/database.ts';
import { logVerifierKeys } from '../../../platform/journal/log-keys.ts';
import { notYetSigned } from '../../../platform/journal/not-yet-signed.ts';
import { type Call, fileRoute, notFound, type Route, responseOf, route } from '../../../route.ts';
import type { Services } from '../../../services.ts';
import { actsShownAt } from './acts.ts';
import { type EntryRow, findContent, findEntry, markErased, timelineOf } from './store.ts';

/** What the record asks of other slices; bound in slices/index.ts. */
export interface RecordNeeds {
  /** Content in which what is told of `subject` stands together with what is told of others. */
  holding(
    reader: Reader,
    subject: string,
  ): Promise<readonly { readonly content: Id<'content'>; readonly subject: string }[]>;
}

/** The operations of this slice. */
export function recordRoutes(services: Services, needs: RecordNeeds): readonly Route[] {
  const { database, execute, content, queue } = services;
  return [
    route(record.timeline, async ({ params, actor, level }) =>
      ok({ items: await actsOn(services, params.case, { actor, level }) }),
    ),
    route(record.disclose, async ({ params, actor }) => await proofOf(services, params, actor)),
    fileRoute(record.content, async ({ params, actor }) => {
      const row = await database.read((r) => findContent(r, params.content));
      const level = row === null ? 0 : await database.read((r) => levelOf(r, row.subject, actor));
      if (row === null || level < row.level) return notFound('content');
      const bytes = row.erased_at === null ? await content.get(row.id) : null;
      return bytes === null ? refuse(erased) : ok({ bytes, fileName: row.name });
    }),
    route(record.erase, (call) => erase(services, needs, call)),
    route(record.deadLetters, async () => {
      const letters = await queue.deadLetters();
      const items = letters.map((l) => ({
        id: l.id,
        job: l.job,
        subject: subjectOf(l.payload),
        failedAt: l.failedAt,
        error: l.error,
      }));
      return ok({ items });
    }),
    route(record.replay, async ({ params, envelope }) => {
      const there = (await queue.deadLetters()).some((letter) => letter.id === params.id);
      const executed = await execute(envelope, async () => {
        if (!there) return notFound('a dead letter');
        const event = { act: 'record.replayed', subject: params.id, data: { job: params.id } };
        return ok({ events: [event], response: { id: params.id } });
      });
      // After commit; the same request, sent again after a crash, finds the letter still dead.
      if (executed.ok) await queue.replay(params.id);
      return responseOf(executed);
    }),
  ];
}

/** The acts on a subject that `actor` may see at `level`, the oldest first. */
export async function actsOn(
  services: Services,
  subject: string,
  { actor, level }: { readonly actor: Actor; readonly level: number },
): Promise<Output<typeof record.timeline>['items']> {
  const { database, directory } = services;
  const rows = await database.read(async (r) => {
    const acts = await timelineOf(r, subject, actsShownAt(level));
    return level >= levels.all ? acts : await withFindingsSeen(r, acts, actor);
  });
  return await Promise.all(
    rows.map(async (row) => ({
      entry: row.id,
      at: row.at,
      act: row.act,
      actor:
        level >= levels.detail || row.actor === actor.id ? await directory.refOf(row.actor) : null,
      index: signedIndex(services, row),
    })),
  );
}

/**
 * An act that `actor` may see, with its proof.
 *
 * @param asked.subject where it is given, the act has to be on it.
 */
export async function proofOf(
  services: Services,
  asked: { readonly entry: string; readonly subject?: string },
  actor: Actor,
): Promise<Result<Disclosure>> {
  const { database } = services;
  const row = await database.read((r) => findEntry(r, asked.entry));
  const level = row === null ? 0 : await database.read((r) => levelOf(r, row.subject, actor));
  const acts = actsShownAt(level);
  const isOnIt = row !== null && (asked.subject === undefined || row.subject === asked.subject);
  const listed = level > 0 && isOnIt && (acts === 'every' || acts.includes(row.act));
  const [shown] = listed ? await database.read((r) => withFindingsSeen(r, [row], actor)) : [];
  return shown === undefined ? notFound('an entry') : await disclose(services, shown);
}

/** What a job was about: our payloads name it first, by its id. */
function subjectOf(payload: { readonly [key: string]: Json }): string {
  const [first] = Object.values(payload);
  return typeof first === 'string' ? first : '';
}

/** Where an entry stands in the signed log; null while its batch is fixed but not signed yet. */
function signedIndex({ sequencer }: Services, { index }: EntryRow): number | null {
  return index !== null && index < sequencer.size() ? index : null;
}

const EntryContent = z.record(z.string(), z.json());

const About = z.object({ data: z.object({ finding: z.string() }) });

/**
 * Without the acts on a finding that `actor` may not see: it was split away from the case, or moved
 * before the actor came.
 */
async function withFindingsSeen(
  reader: Reader,
  rows: readonly EntryRow[],
  actor: Actor,
): Promise<readonly EntryRow[]> {
  const seen: EntryRow[] = [];
  for (const row of rows) {
    const about = About.safeParse(JSON.parse(row.content));
    const level = about.success ? await levelOf(reader, about.data.data.finding, actor) : null;
    if (level === null || level > 0) seen.push(row);
  }
  return seen;
}

/** The newest act `act` on `subject` with its proof; null until it is under a signed checkpoint. */
export async function disclosureOf(
  services: Services,
  subject: string,
  act: string,
): Promise<Disclosure | null> {
  const rows = await services.database.read((r) => timelineOf(r, subject, [act]));
  const row = rows.at(-1);
  const disclosed = row === undefined ? null : await disclose(services, row);
  return disclosed?.ok === true ? disclosed.value : null;
}

/** The entry with its proof under the newest signed checkpoint. */
async function disclose(services: Services, row: EntryRow) {
  const { sequencer } = services;
  const checkpoint = sequencer.checkpoint();
  const { index } = row;
  if (index === null || checkpoint === null) return refuse(notYetSigned(services.logCadenceMs));
  const opened = openCheckpoint(checkpoint, logVerifierKeys(services.signer, services.logOrigin));
  if (!opened.ok) throw new Error(`our own checkpoint does not open: ${opened.refusal.got}`);
  const { size } = opened.value;
  if (index >= size) return refuse(notYetSigned(services.logCadenceMs));
  const read = tileReader(size, (name) => sequencer.fetchFile(name));
  const proof = await inclusionProof({ index, size, read });
  if (!proof.ok) throw new Error(`the log's tiles do not give a proof: ${proof.refusal.got}`);
  return ok({
    format: 'breakwater disclosure v1' as const,
    salt: toBase64(new Uint8Array(row.salt)),
    content: EntryContent.parse(JSON.parse(row.content)),
    index,
    proof: proof.value.map(toBase64),
    checkpoint: fromUtf8(checkpoint),
  });
}

/**
 * Marks the item first and destroys the key after commit: a crash between the two leaves an item
 * that is refused and whose key the same request, sent again, destroys. A report that holds the
 * same text beside others' goes with it.
 */
async function erase(
  services: Services,
  needs: RecordNeeds,
  call: Call<typeof record.erase>,
): Promise<Result<{ content: typeof call.params.content }>> {
  const { params, body, envelope } = call;
  const reason = await services.content.putText(body.reason, 'reason.txt');
  const executed = await services.execute<Erased>(envelope, async (tx, now) => {
    const row = await findContent(tx, params.content);
    if (row === null) return notFound('content');
    if ((await markErased(tx, params.content, now)) === 0) return refuse(alreadyErased);
    const holding = await needs.holding(tx, row.subject);
    for (const { content } of holding) await markErased(tx, content, now);
    const gone = [{ content: params.content, subject: row.subject }, ...holding];
    const events = gone.map(({ content, subject }) => ({
      act: 'record.erased',
      subject,
      data: { content, reason: reason.id },
    }));
    const contents = [{ ref: reason, subject: row.subject, level: levels.all }];
    const also = holding.map(({ content }) => content);
    return ok({ events, contents, response: { content: params.content, also } });
  });
  if (!executed.ok) return executed;
  const { content, also = [] } = executed.value.response;
  await services.content.eraseAll([content, ...also]);
  return ok({ content });
}

/** `also` is not in what was remembered before reports were kept. */
type Erased = Json & {
  readonly content: Id<'content'>;
  readonly also?: readonly Id<'content'>[];
};

const erased = {
  code: 'erased',
  expected: 'content that is there',
  got: 'content that was erased; its commitment stays in the log',
  todo: 'nothing: it cannot be brought back',
} as const;
const alreadyErased = {
  code: 'already-erased',
  expected: 'content that is there',
  got: 'content that was erased before',
  todo: 'nothing',
} as const;
