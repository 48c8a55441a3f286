import type { collect, Output, ReportRow } from '@breakwater/contract';
import { bytesToHex, type Id, type Json, ok, type Refusal, type Result } from '@breakwater/kernel';
import { createBreath } from '../../../../platform/clock/breath.ts';
import { newId } from '../../../../platform/clock/clock.ts';
import { levels } from '../../../../platform/commands/audience.ts';
import type { Envelope } from '../../../../platform/commands/commands.ts';
import { setAudiences } from '../../../../platform/commands/visibility.ts';
import { digestHere } from '../../../../platform/content/hash.ts';
import type { Call } from '../../../../route.ts';
import type { Services } from '../../../../services.ts';
import type { FindingFile } from '../decide.ts';
import type { CollectNeeds } from '../needs.ts';
import { createReader } from '../read-submission.ts';
import { type Accepted, fileOf, type Kept, keep, ownAudience, takeIn } from '../take-in.ts';
import { type ReadReport, readReport } from './read-report.ts';
import {
  closeReport,
  type Handed,
  handedAmong,
  insertHanded,
  insertReport,
  lastOfSeries,
} from './store.ts';
import { wake } from './wake.ts';

type Import = Call<typeof collect.import>;
type Imported = Output<typeof collect.import>;

/** Taken in by one transaction: few enough that others need not wait, many enough to be cheap. */
const findingsPerPart = 1_000;

/** One element of the file that can be taken in. */
interface Candidate {
  /** Its place among all elements. */
  readonly index: number;
  readonly accepted: Accepted;
  readonly identity: Uint8Array;
  readonly hex: string;
}

/** What a part of a report came to, as it is remembered: places, standings and ids alone. */
type Placed = readonly [index: number, standing: Standing, finding: Id<'finding'>];
type Standing = 'new' | 'joined' | 'known-fixed' | 'suppressed' | 'waiting';

interface Whole {
  readonly services: Services;
  readonly needs: CollectNeeds;
  readonly call: Import;
  readonly read: ReadReport;
  readonly bytes: Uint8Array;
  /** Elements that can be handed in; of several that are the same, the first. */
  readonly candidates: readonly Candidate[];
  readonly refused: ReadonlyMap<number, Refusal>;
  readonly identities: ReadonlyMap<number, string>;
}

/**
 * Takes in all findings of a report. What its reporter handed in before is known again and written
 * nowhere; where nothing is new and nothing is gone, nothing is written at all.
 *
 * In parts, each one command with a key made of the request's: a server that was killed goes on
 * where it was when the request is sent again, and answers as if it had been carried out at once.
 */
export async function importReport(
  services: Services,
  needs: CollectNeeds,
  call: Import,
): Promise<Result<Imported>> {
  const { body } = call;
  const bytes = new Uint8Array(Buffer.from(body.file, 'base64'));
  const read = await readReport(bytes, body.format, body);
  if (!read.ok) return read;
  const whole = await judged({ services, needs, call, read: read.value, bytes });
  const request = requestOf(whole);
  const done = await services.recall<Remembered>(request('whole'));
  if (done !== null) return done.ok ? ok(await answerOf(whole, done.value)) : done;
  const taken = await takeInReport(whole, request);
  return taken.ok ? ok(await answerOf(whole, taken.value)) : taken;
}

/** Reads each element as a submission, and leaves out those that the file has twice. */
async function judged(
  given: Pick<Whole, 'services' | 'needs' | 'call' | 'read' | 'bytes'>,
): Promise<Whole> {
  const { services, needs, read } = given;
  const reader = createReader(services, needs);
  const first = new Map<string, Candidate>();
  const refused = new Map<number, Refusal>();
  const identities = new Map<number, string>();
  const breath = createBreath();
  for (const [index, row] of read.rows.entries()) {
    await breath();
    if (row.kind === 'refused') refused.set(index, row.refusal);
    if (row.kind !== 'finding') continue;
    const { fingerprint, suppressed } = row;
    const more = { ...(fingerprint === null ? {} : { fingerprint }), suppressed };
    const accepted = await reader.read(row.body, more);
    if (!accepted.ok) {
      refused.set(index, accepted.refusal);
      continue;
    }
    const identity = services.content.blind(`handed\n${row.identity}`);
    const hex = bytesToHex(identity);
    identities.set(index, hex);
    if (!first.has(hex)) first.set(hex, { index, accepted: accepted.value, identity, hex });
  }
  return { ...given, candidates: [...first.values()], refused, identities };
}

/** Names a part of the request for what is remembered of it; the file by a keyed hash. */
function requestOf({ call, services, bytes }: Whole): (part: string) => Envelope {
  const { file: _, ...rest } = call.body;
  const digest = bytesToHex(services.content.blind(`report\n${digestHere(bytes)}`));
  const { actor, operation, idempotencyKey } = call.envelope;
  // No key that is sent has a space in it.
  const within = (part: string) =>
    ({ idempotencyKey: `${idempotencyKey} ${part}`, goesOn: true }) as const;
  return (part) => ({
    actor,
    operation,
    ...(part === 'whole' ? { idempotencyKey } : within(part)),
    request: { ...(rest as { [key: string]: Json }), file: digest, part }, // parsed from JSON
  });
}

/** What is remembered of a report that is in. */
type Remembered = {
  readonly report: Id<'report'> | null;
  readonly placed: readonly Placed[];
  readonly gone: readonly Id<'finding'>[];
};

async function takeInReport(
  whole: Whole,
  request: (part: string) => Envelope,
): Promise<Result<Remembered>> {
  const { services, call, candidates } = whole;
  const known = await knownNow(whole, candidates);
  const series = seriesOf(whole);
  const last = await services.database.read((r) => lastOfSeries(r, call.actor.id, series));
  const here = new Set([...known.values()].map((handed) => handed.finding));
  const gone = whole.read.series === null ? [] : (last ?? []).filter((id) => !here.has(id));
  const begun = await services.recall<Opened>(request('open'));
  const isNew = (candidate: Candidate) => isFresh(candidate, known);
  if (begun === null && gone.length === 0 && !candidates.some(isNew)) {
    return ok({ report: null, placed: [], gone: [] });
  }
  const opened = await openReport(whole, request('open'));
  if (!opened.ok) return opened;
  const placed = await takeInParts(whole, { request, opened: opened.value, isNew });
  if (!placed.ok) return placed;
  return await closed(whole, request('whole'), {
    report: opened.value.report,
    placed: placed.value,
    gone,
    known,
  });
}

async function knownNow(
  { services, call }: Whole,
  candidates: readonly Candidate[],
): Promise<ReadonlyMap<string, Handed>> {
  if (candidates.length === 0) return new Map();
  const identities = candidates.map((candidate) => candidate.identity);
  return await services.database.read((r) => handedAmong(r, call.actor.id, identities));
}

function seriesOf({ services, call, read }: Whole): Uint8Array {
  const own = `${call.idempotencyKey}\n${call.actor.id}`;
  return services.content.blind(`series\n${read.series ?? own}`);
}

/** Not handed in before; or kept as suppressed, and suppressed no more. */
function isFresh({ hex, accepted }: Candidate, known: ReadonlyMap<string, Handed>): boolean {
  const before = known.get(hex);
  return before === undefined || (before.suppressed && accepted.suppressed !== true);
}

type Opened = { readonly report: Id<'report'>; readonly file: FindingFile & Json };

/** Keeps the file and the report that its findings will name. */
async function openReport(whole: Whole, envelope: Envelope): Promise<Result<Opened>> {
  const { services, call, bytes } = whole;
  const before = await services.recall<Opened>(envelope);
  if (before !== null) return before;
  const { format } = call.body;
  const meta = { name: names[format], mediaType: 'application/json' };
  const ref = await services.content.put(bytes, meta);
  const report = newId('report');
  const executed = await services.execute<Opened>(envelope, async (tx, at) => {
    const { id: reporter } = call.actor;
    const series = seriesOf(whole);
    await insertReport(tx, { id: report, reporter, series, format, file: ref.id, at });
    await setAudiences(tx, new Map([[report, ownAudience(call.actor)]]));
    const commitment = Buffer.from(ref.commitment).toString('hex');
    const data = { reporter, format, contents: [{ content: ref.id, commitment }] };
    return ok({
      events: [{ act: 'collect.reported', subject: report, data }],
      contents: [{ ref, subject: report, level: levels.all }],
      response: { report, file: { ...fileOf(ref, bytes) } },
    });
  });
  return executed.ok ? ok(executed.value.response) : executed;
}

const names = { sarif: 'report.sarif', findings: 'findings.json' } as const;

interface Parts {
  readonly request: (part: string) => Envelope;
  readonly opened: Opened;
  readonly isNew: (candidate: Candidate) => boolean;
}

/** The texts of one part are put while the part before it is written. */
async function takeInParts(
  whole: Whole,
  { request, opened, isNew }: Parts,
): Promise<Result<readonly Placed[]>> {
  const { candidates } = whole;
  const placed: Placed[] = [];
  let writing: Promise<Result<readonly Placed[]>> = Promise.resolve(ok([]));
  for (let from = 0; from < candidates.length; from += findingsPerPart) {
    const part = candidates.slice(from, from + findingsPerPart);
    const envelope = request(`${from / findingsPerPart}`);
    const keeping = keepPart(whole, { part: part.filter(isNew), opened });
    // Both: else the part under way would commit after what it put was erased as left over.
    await Promise.allSettled([keeping, writing]);
    const kept = await keeping;
    const before = await writing;
    if (!before.ok) return before;
    placed.push(...before.value);
    writing = writePart(whole, { envelope, part, kept });
    // Awaited at the next turn; until then nobody else may take its failure for unhandled.
    writing.catch(() => {});
  }
  const last = await writing;
  return last.ok ? ok([...placed, ...last.value]) : last;
}

async function keepPart(
  { services }: Whole,
  { part, opened }: { readonly part: readonly Candidate[]; readonly opened: Opened },
): Promise<ReadonlyMap<string, Kept>> {
  const { report: id, file } = opened;
  const submissions = part.map(({ accepted }) => ({ ...accepted, report: { id, file } }));
  const kept = await keep(services, submissions);
  return new Map(kept.map((each, i) => [part[i]?.hex ?? '', each]));
}

interface Part {
  readonly envelope: Envelope;
  readonly part: readonly Candidate[];
  readonly kept: ReadonlyMap<string, Kept>;
}

async function writePart(
  { services, call, needs }: Whole,
  { envelope, part, kept }: Part,
): Promise<Result<readonly Placed[]>> {
  if (kept.size === 0) return (await services.recall<readonly Placed[]>(envelope)) ?? ok([]);
  const { actor } = call;
  const executed = await services.execute<readonly Placed[]>(envelope, async (tx, now) => {
    const fresh = part.filter(({ hex }) => kept.has(hex));
    const identities = fresh.map((candidate) => candidate.identity);
    const known = await handedAmong(tx, actor.id, identities);
    const come = fresh.filter(({ hex }) => !known.has(hex));
    const given = { actor, now, needs };
    const all = await takeIn(services, tx, {
      ...given,
      kept: come.flatMap(({ hex }) => kept.get(hex) ?? []),
    });
    const woken = await wake(services, tx, {
      ...given,
      asleep: fresh.flatMap((candidate) => {
        const before = known.get(candidate.hex);
        return before !== undefined && isFresh(candidate, known)
          ? [{ ...candidate, finding: before.finding }]
          : [];
      }),
    });
    const handed = come.map(({ identity, index }, i) => {
      const one = all.taken[i];
      if (one === undefined) throw new Error('a finding that was not taken in');
      return { identity, index, finding: one.finding, standing: one.standing };
    });
    await insertHanded(tx, actor.id, handed);
    return ok({
      events: [...all.events, ...woken.events],
      contents: all.contents,
      response: [...handed, ...woken.taken].map(
        ({ index, standing, finding }): Placed => [index, standing, finding],
      ),
    });
  });
  return executed.ok ? ok(executed.value.response) : executed;
}

async function closed(
  { services }: Whole,
  envelope: Envelope,
  given: Remembered & { readonly known: ReadonlyMap<string, Handed> },
): Promise<Result<Remembered>> {
  const { report, placed, gone, known } = given;
  const response: Remembered = { report, placed, gone };
  const findings = new Set([
    ...[...known.values()].map((handed) => handed.finding),
    ...placed.map(([, , finding]) => finding),
  ]);
  const executed = await services.execute<Remembered & Json>(envelope, async (tx) => {
    if (report !== null) await closeReport(tx, report, [...findings]);
    return ok({ events: [], response: { ...response, gone: [...gone], placed: [...placed] } });
  });
  return executed.ok ? ok(response) : executed;
}

/** Each element of the file with what became of it. */
async function answerOf(whole: Whole, { report, placed, gone }: Remembered): Promise<Imported> {
  const byIndex = new Map(placed.map((each) => [each[0], each]));
  const ids = new Map<string, Id<'finding'>>();
  for (const [index, , finding] of placed) ids.set(whole.identities.get(index) ?? '', finding);
  const others = whole.candidates.filter(({ index }) => !byIndex.has(index));
  for (const [hex, { finding }] of await knownNow(whole, others)) ids.set(hex, finding);
  const rows = whole.read.rows.map((row, index): ReportRow => {
    const { where } = row;
    const [, outcome, finding] = byIndex.get(index) ?? [];
    if (outcome !== undefined && finding !== undefined) {
      return { where, outcome, finding, why: null };
    }
    const refusal = whole.refused.get(index);
    if (refusal !== undefined)
      return { where, outcome: 'refused', finding: null, why: words(refusal) };
    if (row.kind === 'left-out') return { where, outcome: 'left-out', finding: null, why: row.why };
    const before = ids.get(whole.identities.get(index) ?? '') ?? null;
    return { where, outcome: 'known', finding: before, why: null };
  });
  return { report, rows, gone: [...gone], notes: [...whole.read.notes] };
}

function words({ expected, got, todo }: Refusal): string {
  return `expected ${expected}, got ${got}; ${todo}`;
}
