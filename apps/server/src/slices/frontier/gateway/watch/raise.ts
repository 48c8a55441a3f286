import { expectedForDays, type GatewayMark, gatewayMarks } from '@breakwater/contract';
import { addMilliseconds, type Instant, ok } from '@breakwater/kernel';
import { newId } from '../../../../platform/clock/clock.ts';
import { levels, system } from '../../../../platform/commands/audience.ts';
import type { Event } from '../../../../platform/commands/commands.ts';
import { setAudience } from '../../../../platform/commands/visibility.ts';
import type { Transaction } from '../../../../platform/database/database.ts';
import type { Services } from '../../../../services.ts';
import {
  addMark,
  addRequests,
  closedUpTo,
  expectedMarks,
  insertIncident,
  lockMarksHead,
  type MarkedRequest,
  markedBetween,
  marksHead,
  marksOf,
  openIncidents,
  setMarksHead,
} from './incident-store.ts';

/** Marked requests that are gathered in one transaction. */
const batch = 1_000;
/** Transactions of one round; what is left waits for the next. */
const rounds = 50;
const dayMs = 86_400_000;

/**
 * Gathers the marks of requests whose interval is closed into incidents, one open incident of a key
 * at a time. Each request is gathered once, however many processes do so.
 */
export async function raiseIncidents({
  database,
  execute,
}: Pick<Services, 'database' | 'execute'>): Promise<void> {
  for (let round = 0; round < rounds; round++) {
    const { after, found } = await database.read(async (r) => {
      const head = await marksHead(r);
      const upTo = await closedUpTo(r);
      return { after: head, found: (await markedBetween(r, { after: head, upTo }, batch)).length };
    });
    if (found === 0) return;
    const envelope = {
      actor: system,
      operation: 'gateway.raise-incidents',
      // Whoever is at the same place would do the same: one of them does it.
      idempotencyKey: `gateway-marks-${after}`,
      request: { after },
    };
    const done = await execute(envelope, async (tx, now) => {
      const from = await lockMarksHead(tx);
      const requests = await markedBetween(tx, { after: from, upTo: await closedUpTo(tx) }, batch);
      await setMarksHead(tx, requests.at(-1)?.seq ?? from);
      return ok({ events: await keep(tx, gather(requests), now), response: null });
    });
    if (!done.ok) throw new Error(`marks were not gathered: ${done.refusal.code}`);
    if (found < batch) return;
  }
}

interface Counted {
  requests: number;
  first: Instant;
  last: Instant;
}

/** What the marks of some requests of one key come to. */
interface Gathered extends Counted {
  readonly of: MarkedRequest;
  readonly marks: Map<GatewayMark, Counted>;
}

/** Requests by key, and by mark. */
function gather(requests: readonly MarkedRequest[]): readonly Gathered[] {
  const byKey = new Map<string, Gathered>();
  for (const one of requests) {
    const said = gatewayMarks.filter((mark) => one.marks.includes(mark));
    // What is noted of an endpoint is nothing of the key that called it.
    if (said.length === 0) continue;
    const at = one.ended_at;
    const gathered = byKey.get(one.key) ?? {
      of: one,
      marks: new Map(),
      requests: 0,
      first: at,
      last: at,
    };
    byKey.set(one.key, gathered);
    count(gathered, at);
    for (const mark of said) {
      const counted = gathered.marks.get(mark) ?? { requests: 0, first: at, last: at };
      gathered.marks.set(mark, counted);
      count(counted, at);
    }
  }
  return [...byKey.values()];
}

function count(counted: Counted, at: Instant): void {
  counted.requests += 1;
  if (at < counted.first) counted.first = at;
  if (at > counted.last) counted.last = at;
}

/** Writes what was gathered; an entry of the log for what is new: an incident, or another mark. */
async function keep(
  tx: Transaction,
  all: readonly Gathered[],
  now: Instant,
): Promise<readonly Event[]> {
  const keys = all.map(({ of }) => of.key);
  const open = new Map((await openIncidents(tx, keys)).map((row) => [row.key, row]));
  const known = await marksOf(
    tx,
    [...open.values()].map(({ id }) => id),
  );
  const since = addMilliseconds(now, -expectedForDays * dayMs);
  const expected = new Set(
    (await expectedMarks(tx, keys, since)).map(({ key, mark }) => `${key} ${mark}`),
  );
  const events: Event[] = [];
  for (const gathered of all) {
    const { key, developer, party, holder, model } = gathered.of;
    const incident = open.get(key) ?? null;
    const news = [...gathered.marks.keys()].filter((mark) => !expected.has(`${key} ${mark}`));
    // What was expected of a key raises nothing; an incident that is open counts it.
    if (incident === null && news.length === 0) continue;
    const id = incident?.id ?? newId('incident');
    const { requests, first, last } = gathered;
    if (incident === null) {
      const times = { first_at: first, last_at: last, raised_at: now };
      await insertIncident(tx, { id, developer, party, holder, key, model, requests, ...times });
      await setAudience(tx, id, [{ principal: developer, level: levels.all }]);
    } else {
      await addRequests(tx, id, { requests, first_at: first, last_at: last });
    }
    for (const [mark, of] of gathered.marks) {
      const times = { first_at: of.first, last_at: of.last };
      await addMark(tx, { incident: id, mark, requests: of.requests, ...times });
    }
    const before = new Set((known.get(id) ?? []).map(({ mark }) => mark));
    const added = news.filter((mark) => !before.has(mark)).toSorted();
    if (added.length === 0) continue;
    const act = incident === null ? 'gateway.incident-raised' : 'gateway.incident-grew';
    events.push({ act, subject: id, data: { incident: id, key, marks: added } });
  }
  return events;
}
