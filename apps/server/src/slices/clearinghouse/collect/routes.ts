import {
  collect,
  type FindingSubmission,
  type Output,
  type OwnFinding,
} from '@breakwater/contract';
import { readCrash } from '@breakwater/correlation';
import { parseCvss } from '@breakwater/formats/cvss';
import { parsePurl } from '@breakwater/formats/purl';
import {
  digestOf,
  fromBase64,
  type Id,
  type Instant,
  type Json,
  ok,
  type Result,
  utf8,
} from '@breakwater/kernel';
import { pageFrom, parseCursor } from '../../../page.ts';
import { newId } from '../../../platform/clock/clock.ts';
import { coordinators, levels } from '../../../platform/commands/audience.ts';
import type { Actor, Event } from '../../../platform/commands/commands.ts';
import { levelOf, setAudience } from '../../../platform/commands/visibility.ts';
import type { ContentRef } from '../../../platform/content/content.ts';
import type { Reader, Transaction } from '../../../platform/database/database.ts';
import { type Call, notFound, type Route, responseOf, route } from '../../../route.ts';
import type { Services } from '../../../services.ts';
import { creditOf, setCredit } from './credit.ts';
import { decideSubmission, type FindingFacts, type Read } from './decide.ts';
import { previewFinding } from './preview.ts';
import { findFinding, insertFinding, listFindings, listOwn, setStanding } from './store.ts';
import { findingViews } from './views.ts';

/** An identity key made blind: comparable here, and telling nothing elsewhere. */
export interface BlindKey {
  readonly kind: string;
  readonly use: 'both' | 'hold' | 'seek';
  readonly value: Uint8Array;
}

/** What placing a finding answers. */
export interface Placed {
  readonly case: Id<'case'>;
  readonly opened: boolean;
  readonly evidence: readonly string[];
  readonly event: Event;
  /** Set where the case is already published. */
  readonly advisory: string | null;
}

/** What collecting asks of other slices; bound in slices/index.ts. */
export interface CollectNeeds {
  recipePackage(reader: Reader, recipe: string): Promise<string | null>;
  place(
    tx: Transaction,
    arrival: {
      readonly finding: Id<'finding'>;
      readonly reporter: string;
      readonly title: Id<'content'>;
      readonly package: string;
      readonly version: string;
      readonly recipe: string | null;
      readonly keys: readonly BlindKey[];
      readonly now: Instant;
      /** Whether the reporter sees a case already, and so learns nothing by joining it. */
      readonly sees: (caseId: string) => Promise<boolean>;
    },
  ): Promise<Placed>;
  casesOf(reader: Reader, findings: readonly string[]): Promise<ReadonlyMap<string, Id<'case'>>>;
  /** The case a finding is in, how far that is, and what the sandbox said of the finding. */
  became(
    reader: Reader,
    finding: string,
  ): Promise<Pick<OwnFinding, 'case' | 'stage' | 'embargo' | 'advisory' | 'verdict'>>;
}

/** The operations of this slice. */
export function collectRoutes(services: Services, needs: CollectNeeds): readonly Route[] {
  return [
    route(collect.submit, (call) => submit(services, needs, call)),
    route(collect.get, async ({ params, actor }) => {
      const row = await services.database.read((r) => findFinding(r, params.finding, actor));
      const [view] = await findingViews(services, needs, row === null ? [] : [row]);
      return view === undefined ? notFound('a finding') : ok(view);
    }),
    route(collect.list, async ({ query, actor }) => {
      const after = parseCursor(query.after);
      const rows = await services.database.read((r) =>
        listFindings(r, actor, { after, limit: query.limit }),
      );
      const items = await findingViews(services, needs, rows);
      return ok(pageFrom(rows, query.limit, items));
    }),
    route(collect.listMine, (call) => listMine(services, needs, call)),
    route(collect.preview, async ({ body }) =>
      previewFinding(fromBase64(body.file) ?? new Uint8Array()),
    ),
    route(collect.credit, async ({ actor }) => ok(await creditOf(services, actor.id))),
    route(collect.setCredit, (call) => setCredit(services, call)),
  ];
}

/** What the caller handed in, and what became of each. */
async function listMine(
  services: Services,
  needs: CollectNeeds,
  { query, actor }: Call<typeof collect.listMine>,
): Promise<Result<Output<typeof collect.listMine>>> {
  const { database, content } = services;
  const page = { after: parseCursor(query.after), limit: query.limit };
  const rows = await database.read((r) => listOwn(r, actor, page));
  const credit = await creditOf(services, actor.id);
  const items = await Promise.all(
    rows.map(async (row) => {
      const became = await database.read((r) => needs.became(r, row.id));
      return {
        finding: row.id,
        title: (await content.getText(row.title_content)) ?? '(erased)',
        package: row.package,
        version: row.version,
        receivedAt: row.received_at,
        standing: row.standing,
        ...became,
        credit: credit.as === 'named' ? credit.name : null,
      };
    }),
  );
  return ok(pageFrom(rows, query.limit, items));
}

type Submitted = Output<typeof collect.submit>;

/** Reads, decides, keeps what came in, and answers with the finding's standing. */
export async function submit(
  services: Services,
  needs: CollectNeeds,
  call: Pick<Call<typeof collect.submit>, 'actor' | 'body' | 'envelope' | 'now'>,
): Promise<Result<Submitted>> {
  const read = await readSubmission(services, needs, call.body);
  if (!read.ok) return read;
  const kept = await keep(services, call.body, read.value.facts);
  const finding = newId('finding');
  const keys = read.value.keys.map((key) => ({
    kind: key.kind,
    use: key.use,
    value: services.content.blind(`${key.kind}\n${key.text}`),
  }));
  const executed = await services.execute<Json & Submitted>(call.envelope, async (tx, now) => {
    const row = rowOf(finding, { call, kept, purl: read.value.package, now });
    await insertFinding(tx, row);
    const placed = await needs.place(tx, {
      finding,
      reporter: row.reporter,
      title: row.title_content,
      package: row.package,
      version: row.version,
      recipe: row.recipe,
      keys,
      now,
      sees: async (caseId) => (await levelOf(tx, caseId, call.actor)) > 0,
    });
    const standing =
      placed.advisory !== null ? 'known-fixed' : placed.opened ? ('new' as const) : 'joined';
    await setStanding(tx, finding, standing);
    await setAudience(tx, finding, [
      { principal: row.reporter, level: levels.all },
      { principal: coordinators, level: levels.all },
    ]);
    return ok({
      events: [received(finding, row, kept), placed.event],
      contents: kept.all.map((ref) => ({
        ref,
        subject: finding,
        level: ref === kept.title ? levels.summary : levels.detail,
      })),
      response: {
        finding,
        standing,
        case: placed.case,
        joinedBy: [...placed.evidence],
        advisory: placed.advisory,
      },
    });
  });
  return responseOf(executed);
}

interface ReadSubmission extends Read {
  readonly package: string;
}

async function readSubmission(
  services: Services,
  needs: CollectNeeds,
  submission: FindingSubmission,
): Promise<Result<ReadSubmission>> {
  const purl = parsePurl(submission.package);
  const crash = submission.kind === 'crash' ? readCrash(submission.report) : null;
  const { recipe } = submission;
  const recipePackage =
    recipe === undefined
      ? null
      : await services.database.read((r) => needs.recipePackage(r, recipe));
  const cvss = submission.kind === 'native' ? submission.cvss : undefined;
  const name = purl.ok ? withoutVersion(purl.value) : null;
  // Percent-encoded ones come out of a package URL as themselves; the database keeps no NUL.
  const canonical = name !== null && /^\P{Cc}*$/u.test(name) ? name : null;
  const decided = decideSubmission(submission, {
    crash,
    recipePackage,
    package: canonical,
    cvssValid: cvss === undefined || parseCvss(cvss).ok,
  });
  if (!decided.ok) return decided;
  return ok({ ...decided.value, package: canonical ?? submission.package });
}

interface Kept {
  readonly title: ContentRef;
  readonly tool: ContentRef | null;
  readonly facts: ContentRef;
  readonly proof: ContentRef | null;
  readonly all: readonly ContentRef[];
}

/** Puts everything of a submission into the content store, before the transaction opens. */
async function keep(services: Services, s: FindingSubmission, facts: Read['facts']): Promise<Kept> {
  const { content } = services;
  const proofBytes = fromBase64((s.kind === 'crash' ? s.input : s.proof) ?? '');
  const hasProof = s.kind === 'crash' || s.proof !== undefined;
  const file = async (bytes: Uint8Array, name: string, mediaType: string) => ({
    ref: await content.put(bytes, { name, mediaType }),
    bytes,
  });
  // At once: each waits for the disk four times over.
  const [title, tool, sent, proof] = await Promise.all([
    content.putText(s.title, 'title.txt'),
    s.tool === undefined ? null : content.putText(s.tool, 'tool.txt'),
    s.kind === 'crash'
      ? file(utf8(s.report), 'report.txt', 'text/plain; charset=utf-8')
      : file(utf8(JSON.stringify(s, null, 2)), 'submission.json', 'application/json'),
    hasProof && proofBytes !== null
      ? file(proofBytes, 'proof.bin', 'application/octet-stream')
      : null,
  ]);
  const files = proof === null ? [sent] : [proof, sent];
  const known: FindingFacts = {
    ...facts,
    files: files.map(({ ref, bytes }) => ({
      name: ref.name,
      content: ref.id,
      size: ref.size,
      sha256: digestOf(bytes),
    })),
  };
  const factsRef = await content.put(utf8(JSON.stringify(known)), {
    name: 'facts.json',
    mediaType: 'application/json',
  });
  const all = [title, factsRef, ...files.map((f) => f.ref), ...(tool === null ? [] : [tool])];
  return { title, tool, facts: factsRef, proof: proof?.ref ?? null, all };
}

function rowOf(
  finding: Id<'finding'>,
  from: { call: { actor: Actor; body: FindingSubmission }; kept: Kept; purl: string; now: Instant },
) {
  const { body, actor } = from.call;
  return {
    id: finding,
    reporter: actor.id,
    kind: body.kind,
    package: from.purl,
    version: body.version,
    recipe: body.recipe ?? null,
    marking: body.marking,
    title_content: from.kept.title.id,
    tool_content: from.kept.tool?.id ?? null,
    facts_content: from.kept.facts.id,
    proof_content: from.kept.proof?.id ?? null,
    received_at: from.now,
  };
}

function received(
  finding: Id<'finding'>,
  row: { kind: string; reporter: string; marking: string },
  kept: Kept,
): Event {
  return {
    act: 'collect.received',
    subject: finding,
    data: {
      kind: row.kind,
      reporter: row.reporter,
      marking: row.marking,
      contents: kept.all.map((ref) => ({
        content: ref.id,
        commitment: Buffer.from(ref.commitment).toString('hex'),
      })),
    },
  };
}

function withoutVersion(purl: {
  readonly type: string;
  readonly namespace?: string | null;
  readonly name: string;
}): string {
  const namespace =
    purl.namespace === undefined || purl.namespace === null || purl.namespace === ''
      ? ''
      : `${purl.namespace}/`;
  return `pkg:${purl.type}/${namespace}${purl.name}`;
}
