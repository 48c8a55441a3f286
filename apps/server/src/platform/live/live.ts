import { liveKinds } from '@breakwater/contract';
import { addMilliseconds, type Refusal, type Result, refuse } from '@breakwater/kernel';
import { z } from 'zod';
import type { Clock } from '../clock/clock.ts';
import { principalsOf } from '../commands/audience.ts';
import type { Database } from '../database/database.ts';
import { type Credential, type Standing, standingOf } from '../directory/standing.ts';
import { type EntryRow, entriesSince, levelsOf } from './store.ts';
import { type Change, type EventStream, openEventStream } from './stream.ts';

/**
 * Tells open pages that something they show has changed.
 *
 * Consistency: a hint, not a record: one may be lost, and who reconnects fetches anew. What a caller
 * may see is asked when the hint goes out. Several server processes each read the journal for their
 * own streams. Limits: {@link limits} streams at once; a hint waits up to one tick.
 */
export interface Live {
  open(who: Subscriber): Result<ReadableStream<Uint8Array>, 'too-many-streams'>;
  /** Reads what changed and tells it; called at a fixed cadence, whatever happened in between. */
  tick(): Promise<void>;
  stop(): void;
}

export interface Subscriber {
  readonly credential: Credential;
  readonly party: string;
}

/** Streams at once: of one session or key, of one party, of this process. */
export const limits = { credential: 6, party: 60, process: 2_000 } as const;

export interface LivePorts {
  readonly database: Database;
  readonly clock: Clock;
  /** Whether a reader of `level` may know of an act on a thing: the timeline's own rule. */
  readonly shows: (act: string, level: number) => boolean;
}

/** A transaction may commit after one that began later; so long is looked back for it. */
const lookBackMs = 10_000;
const page = 1_000;
const pagesMax = 20;
/** A heartbeat each so many ticks, counted from when the stream was opened. */
const beatTicks = 20;
const operation = 'live.events';

interface Open extends Subscriber {
  readonly stream: EventStream;
  ticks: number;
}

/** The hub of this process. */
export function createLive(ports: LivePorts): Live {
  const streams = new Set<Open>();
  let told = new Set<string>();
  /** When the first of the streams that are open now was opened. */
  let from = ports.clock.now();

  async function fresh(now: ReturnType<Clock['now']>): Promise<readonly EntryRow[]> {
    const since = addMilliseconds(now, -lookBackMs);
    const found: EntryRow[] = [];
    let after: EntryRow | null = null;
    for (let count = 0; count < pagesMax; count++) {
      const rows: readonly EntryRow[] = await ports.database.read((r) =>
        entriesSince(r, since, { after, limit: page }),
      );
      found.push(...rows);
      after = rows.at(-1) ?? null;
      if (rows.length < page) break;
    }
    const news = found.filter((row) => row.at >= from && !told.has(row.id));
    told = new Set(found.map((row) => row.id));
    return news;
  }

  async function tick(): Promise<void> {
    const now = ports.clock.now();
    const credentials = [...new Set([...streams].map((s) => s.credential))];
    if (credentials.length === 0) return;
    const good = await ports.database.read((r) => standingOf(r, credentials, now));
    const news = (await fresh(now)).flatMap(aboutOf);
    const seen = await levelsSeen(ports, [...good.values()], news);
    const byReader = new Map<string, readonly Change[]>();
    for (const open of streams) {
      const standing = good.get(open.credential);
      // Opened after the question was put: its turn comes with the next tick.
      if (standing === undefined && !credentials.includes(open.credential)) continue;
      if (standing === undefined || !mayCall(standing)) {
        open.stream.close();
        continue;
      }
      const reader = principalsOf(standing).join(' ');
      const changes =
        byReader.get(reader) ?? changesFor(ports.shows, levelsFor(standing, seen), news);
      byReader.set(reader, changes);
      open.stream.add(changes);
      open.ticks += 1;
      open.stream.flush(open.ticks % beatTicks === 0);
    }
  }

  return {
    open(who) {
      const of = (same: (open: Open) => boolean) => [...streams].filter(same).length;
      const full =
        streams.size >= limits.process ||
        of((open) => open.party === who.party) >= limits.party ||
        of((open) => open.credential === who.credential) >= limits.credential;
      if (full) return refuse(tooMany);
      if (streams.size === 0) from = ports.clock.now();
      const stream = openEventStream(() => streams.delete(open));
      const open: Open = { ...who, stream, ticks: 0 };
      streams.add(open);
      return { ok: true, value: stream.body };
    },
    tick,
    stop() {
      for (const { stream } of streams) stream.close();
    },
  };
}

function mayCall({ permissions, scope }: Standing): boolean {
  return permissions.includes(operation) && (scope === null || scope.includes(operation));
}

interface About extends Change {
  readonly act: string;
  /** A finding the act was about, which not everybody who sees its case sees. */
  readonly finding: string | null;
}

const Content = z.object({
  data: z.object({
    finding: z.string().optional().catch(undefined),
    /** An act on a window says by its id which grant it is about, or bears the grant that is new. */
    grant: z
      .union([z.string(), z.object({ id: z.string() }).transform(({ id }) => id)])
      .optional()
      .catch(undefined),
  }),
});

/** What an entry is about: its subject; and a grant of a window, which others see than the window. */
function aboutOf({ subject, act, content }: EntryRow): readonly About[] {
  const { finding = null, grant } = Content.safeParse(JSON.parse(content)).data?.data ?? {};
  const about = { kind: kindOf(subject), id: subject, act, finding };
  if (about.kind !== 'window' || grant === undefined) return [about];
  return [about, { kind: kindOf(grant), id: grant, act, finding: null }];
}

function kindOf(subject: string): string {
  return subject.slice(0, Math.max(0, subject.indexOf('_')));
}

type Levels = ReadonlyMap<string, number>;

/** What is told of at all. */
function toldOf(news: readonly About[]): readonly About[] {
  const kinds: readonly string[] = liveKinds;
  return news.filter(({ kind }) => kinds.includes(kind));
}

/** What each principal that somebody reads as sees of what is told. */
async function levelsSeen(
  { database }: LivePorts,
  standings: readonly Standing[],
  news: readonly About[],
): Promise<ReadonlyMap<string, Levels>> {
  const subjects = new Set(
    toldOf(news).flatMap(({ id, finding }) => (finding === null ? [id] : [id, finding])),
  );
  const principals = new Set(standings.flatMap((standing) => principalsOf(standing)));
  return await database.read((r) => levelsOf(r, [...subjects], [...principals]));
}

/** The level at which one reader sees each subject: the highest of those it reads as. */
function levelsFor(standing: Standing, seen: ReadonlyMap<string, Levels>): Levels {
  const levels = new Map<string, number>();
  for (const principal of principalsOf(standing)) {
    for (const [subject, level] of seen.get(principal) ?? []) {
      levels.set(subject, Math.max(level, levels.get(subject) ?? 0));
    }
  }
  return levels;
}

function changesFor(
  shows: LivePorts['shows'],
  levels: Levels,
  news: readonly About[],
): readonly Change[] {
  return toldOf(news).flatMap(({ kind, id, act, finding }) => {
    const level = levels.get(id) ?? 0;
    if (level > 0 && shows(act, level) && (finding === null || levels.has(finding))) {
      return [{ kind, id }];
    }
    // What became of a finding its reporter may know whatever it sees of the case.
    const own = finding !== null && (levels.get(finding) ?? 0) > level;
    return own && shows(act, levels.get(finding) ?? 0) ? [{ kind: 'finding', id: finding }] : [];
  });
}

const tooMany: Refusal & { code: 'too-many-streams' } = {
  code: 'too-many-streams',
  expected: 'no more open streams than a party and a session may hold',
  got: 'one more',
  todo: 'close another page, or share one stream between pages',
};
