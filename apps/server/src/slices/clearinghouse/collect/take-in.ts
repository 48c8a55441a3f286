import type { FindingSubmission } from '@breakwater/contract';
import { fromBase64, type Id, type Instant, utf8 } from '@breakwater/kernel';
import { heldAmong } from '@breakwater/precheck';
import { newIds } from '../../../platform/clock/clock.ts';
import { coordinators, levels } from '../../../platform/commands/audience.ts';
import type { Actor, Event, NewContent } from '../../../platform/commands/commands.ts';
import { seenAmong, setAudiences } from '../../../platform/commands/visibility.ts';
import {
  type ContentRef,
  type ContentStore,
  itemBytesMax,
  type NewItem,
} from '../../../platform/content/content.ts';
import { digestHere } from '../../../platform/content/hash.ts';
import type { Transaction } from '../../../platform/database/database.ts';
import type { Services } from '../../../services.ts';
import type { FindingFacts, FindingFile, Read } from './decide.ts';
import type { Arriving, BlindKey, CollectNeeds, Placed } from './needs.ts';
import { insertFindings, type NewFinding } from './store.ts';
import { insertWaiting } from './waiting/store.ts';

/** A submission that was accepted, and what was read out of it. */
export interface Accepted extends Read {
  readonly body: FindingSubmission;
  /** Canonical. */
  readonly package: string;
  /** The report it came in, which then is kept in the place of each finding's own text. */
  readonly report?: { readonly id: Id<'report'>; readonly file: FindingFile };
  /** Its tool was told not to tell of it: kept, and of no case. */
  readonly suppressed?: boolean;
}

/** One that is in the content store, and an id for it. */
export interface Kept {
  readonly finding: Id<'finding'>;
  readonly accepted: Accepted;
  readonly title: ContentRef;
  readonly tool: ContentRef | null;
  readonly facts: ContentRef;
  readonly proof: ContentRef | null;
  readonly all: readonly ContentRef[];
}

/**
 * Puts everything of these submissions into the content store, before the transaction opens. Ids
 * are given out in order: of findings that come at one instant, the order is that of the report.
 */
export async function keep(
  { content }: Pick<Services, 'content'>,
  submissions: readonly Accepted[],
): Promise<readonly Kept[]> {
  const put = submissions.length === 1 ? putEach : putTogether;
  const texts = await put(content, submissions.map(textsOf));
  const told = submissions.map((accepted, i) => ({
    accepted,
    ...refsIn(accepted, texts[i] ?? []),
  }));
  const facts = await put(
    content,
    told.map(({ accepted, files }): NewItem[] => {
      const precheck = heldAmong(accepted.keys);
      const known: FindingFacts = { ...accepted.facts, files, precheck, ...reportOf(accepted) };
      const bytes = utf8(JSON.stringify(known));
      return [{ bytes, name: 'facts.json', mediaType: 'application/json' }];
    }),
  );
  const ids = newIds('finding', submissions.length);
  return told.map(({ accepted, title, tool, sent, proof }, i): Kept => {
    const [finding, ref] = [ids[i], facts[i]?.[0]];
    if (finding === undefined || ref === undefined)
      throw new Error('a submission without its facts');
    const all = [title, ref, ...[proof, sent, tool].filter((each) => each !== null)];
    return { finding, accepted, title, tool, facts: ref, proof, all };
  });
}

type Put = (
  content: ContentStore,
  items: readonly (readonly NewItem[])[],
) => Promise<readonly (readonly ContentRef[])[]>;

/** At once; each waits for the disk four times over. */
const putEach: Put = async (content, items) =>
  await Promise.all(
    items.map((texts) => Promise.all(texts.map(({ bytes, ...meta }) => content.put(bytes, meta)))),
  );

/** What is put at once, in bytes: half of what the store takes, which seals some more. */
const togetherMax = itemBytesMax / 2;

const putTogether: Put = async (content, items) => {
  const refs: ContentRef[] = [];
  let together: NewItem[] = [];
  let size = 0;
  for (const item of items.flat()) {
    if (together.length > 0 && size + item.bytes.length > togetherMax) {
      refs.push(...(await content.putAll(together)));
      [together, size] = [[], 0];
    }
    together.push(item);
    size += item.bytes.length;
  }
  refs.push(...(await content.putAll(together)));
  let next = 0;
  return items.map((texts) => {
    const from = next;
    next += texts.length;
    return refs.slice(from, next);
  });
};

const plain = 'text/plain; charset=utf-8';

/** In this order: title, tool if it names one, what was sent, proof if it has one. */
function textsOf({ body, report }: Accepted): readonly NewItem[] {
  const title: NewItem = { bytes: utf8(body.title), name: 'title.txt', mediaType: plain };
  const tool =
    body.tool === undefined ? [] : [{ bytes: utf8(body.tool), name: 'tool.txt', mediaType: plain }];
  const proof = proofOf(body);
  return [title, ...tool, ...(report === undefined ? [sentOf(body)] : []), ...proof];
}

function sentOf(body: FindingSubmission): NewItem {
  return body.kind === 'crash'
    ? { bytes: utf8(body.report), name: 'report.txt', mediaType: plain }
    : {
        bytes: utf8(JSON.stringify(body, null, 2)),
        name: 'submission.json',
        mediaType: 'application/json',
      };
}

function proofOf(body: FindingSubmission): readonly NewItem[] {
  const bytes = fromBase64((body.kind === 'crash' ? body.input : body.proof) ?? '');
  const has = body.kind === 'crash' || body.proof !== undefined;
  if (!has || bytes === null) return [];
  return [{ bytes, name: 'proof.bin', mediaType: 'application/octet-stream' }];
}

function refsIn(accepted: Accepted, refs: readonly ContentRef[]) {
  const texts = textsOf(accepted);
  const at = (...names: string[]) => {
    const index = texts.findIndex((text) => names.includes(text.name));
    const [text, ref] = [texts[index], refs[index]];
    return text === undefined || ref === undefined ? null : { ref, bytes: text.bytes };
  };
  const [sent, proof] = [at('report.txt', 'submission.json'), at('proof.bin')];
  const title = at('title.txt')?.ref;
  if (title === undefined) throw new Error('a submission without its title');
  const files = [proof, sent].filter((each) => each !== null);
  return {
    title,
    tool: at('tool.txt')?.ref ?? null,
    sent: sent?.ref ?? null,
    proof: proof?.ref ?? null,
    files: files.map(({ ref, bytes }) => fileOf(ref, bytes)),
  };
}

/** A file as it is named beside a finding. */
export function fileOf(ref: ContentRef, bytes: Uint8Array): FindingFile {
  return { name: ref.name, content: ref.id, size: ref.size, sha256: digestHere(bytes) };
}

function reportOf({ report }: Accepted): Pick<FindingFacts, 'report'> {
  return report === undefined ? {} : { report: report.file };
}

/** What a finding came to, with all that the command which takes it in has to write. */
export interface TakenIn {
  readonly finding: Id<'finding'>;
  /** null: it is of no case. */
  readonly placed: StandingPlace | null;
  readonly standing: StandingPlace['standing'] | 'suppressed' | 'waiting';
}

/** A case, and what a reporter is told of finding it or opening it. */
export interface StandingPlace extends Placed {
  readonly standing: 'new' | 'joined' | 'known-fixed';
}

export interface TakeIn {
  readonly taken: readonly TakenIn[];
  readonly events: readonly Event[];
  readonly contents: readonly NewContent[];
}

/** Takes submissions of one party in, inside the transaction; the same few statements for all. */
export async function takeIn(
  services: Pick<Services, 'content'>,
  tx: Transaction,
  given: {
    readonly kept: readonly Kept[];
    readonly actor: Actor;
    readonly now: Instant;
    readonly needs: Pick<CollectNeeds, 'place'>;
  },
): Promise<TakeIn> {
  const { kept, actor, now } = given;
  const open = kept.filter(({ accepted }) => accepted.suppressed !== true);
  const arrivals = open.map(({ finding, title, accepted: { body, keys, package: purl } }) => {
    const { version, recipe = null } = body;
    const blinded = blindKeys(services, keys);
    return { finding, title: title.id, package: purl, version, recipe, keys: blinded };
  });
  const placed = await placeAll(tx, { ...given, arrivals });
  const taken = kept.map(({ finding, accepted }): TakenIn => {
    const place = placed.get(finding) ?? null;
    const unplaced = accepted.suppressed === true ? 'suppressed' : 'waiting';
    return { finding, placed: place, standing: place?.standing ?? unplaced };
  });
  await insertFindings(
    tx,
    kept.map((each, i) =>
      rowOf(each, { actor, now, standing: taken[i]?.standing ?? 'suppressed' }),
    ),
  );
  await insertWaiting(
    tx,
    actor.id,
    arrivals.filter(({ finding }) => !placed.has(finding)),
  );
  // Those of a case are given their audience with it.
  const alone = taken.filter((each) => each.placed === null);
  await setAudiences(tx, new Map(alone.map(({ finding }) => [finding, ownAudience(actor)])));
  return {
    taken,
    events: kept.flatMap((each, i) => {
      const event = taken[i]?.placed?.event;
      return [received(each, actor), ...(event === undefined ? [] : [event])];
    }),
    contents: kept.flatMap(({ all, title, finding }) =>
      all.map((ref) => ({
        ref,
        subject: finding,
        level: ref === title ? levels.summary : levels.detail,
      })),
    ),
  };
}

/** Keys as they are compared and kept. */
export function blindKeys(
  { content }: Pick<Services, 'content'>,
  keys: Read['keys'],
): readonly BlindKey[] {
  return keys.map(({ kind, use, text }) => ({
    kind,
    use,
    value: content.blind(`${kind}\n${text}`),
  }));
}

/** Finds or opens the case of each that need not wait, and tells what its reporter is told. */
export async function placeAll(
  tx: Transaction,
  given: {
    readonly arrivals: readonly Omit<Arriving, 'reporter'>[];
    readonly bounded?: boolean;
    readonly actor: Actor;
    readonly now: Instant;
    readonly needs: Pick<CollectNeeds, 'place'>;
  },
): Promise<ReadonlyMap<Id<'finding'>, StandingPlace>> {
  const { actor, now, bounded = true } = given;
  const arrivals = given.arrivals.map((arrival) => ({ ...arrival, reporter: actor.id }));
  const sees = (cases: readonly string[]) => seenAmong(tx, cases, actor);
  const placed = await given.needs.place(tx, arrivals, {
    reporter: actor.id,
    now,
    bounded,
    sees,
  });
  return new Map(
    arrivals.flatMap(({ finding }, i) => {
      const place = placed[i];
      if (place === undefined) throw new Error(`nothing was decided of ${finding}`);
      return place === null ? [] : [[finding, { ...place, standing: standingOf(place) }] as const];
    }),
  );
}

/** What the reporter is told of a finding that was placed. */
function standingOf(placed: Placed): StandingPlace['standing'] {
  if (placed.advisory !== null) return 'known-fixed';
  return placed.opened ? 'new' : 'joined';
}

/** Of what belongs to no case: its reporter and coordinators alone. */
export function ownAudience(actor: Actor) {
  return [
    { principal: actor.id, level: levels.all },
    { principal: coordinators, level: levels.all },
  ];
}

function rowOf(
  { finding, accepted, title, tool, facts, proof }: Kept,
  from: { readonly actor: Actor; readonly now: Instant; readonly standing: TakenIn['standing'] },
): NewFinding {
  const { body } = accepted;
  return {
    id: finding,
    reporter: from.actor.id,
    kind: body.kind,
    package: accepted.package,
    version: body.version,
    recipe: body.recipe ?? null,
    marking: body.marking,
    title_content: title.id,
    tool_content: tool?.id ?? null,
    facts_content: facts.id,
    proof_content: proof?.id ?? null,
    received_at: from.now,
    standing: from.standing,
    report: accepted.report?.id ?? null,
  };
}

function received({ finding, accepted, all }: Kept, actor: Actor): Event {
  const { body, suppressed } = accepted;
  return {
    act: 'collect.received',
    subject: finding,
    data: {
      kind: body.kind,
      reporter: actor.id,
      marking: body.marking,
      ...(suppressed === true ? { suppressed } : {}),
      contents: all.map((ref) => ({
        content: ref.id,
        commitment: Buffer.from(ref.commitment).toString('hex'),
      })),
    },
  };
}
