import { prioritize as contract, type Score, type ScoreStatement } from '@breakwater/contract';
import { parseEpss } from '@breakwater/formats/epss';
import { parseKevJson } from '@breakwater/formats/kev';
import { type Instant, ok, type Result, refuse } from '@breakwater/kernel';
import { type Priority, type PriorityFacts, prioritize } from '@breakwater/priorities';
import { sql } from 'kysely';
import { newId } from '../../../platform/clock/clock.ts';
import { levels } from '../../../platform/commands/audience.ts';
import type { Reader } from '../../../platform/database/database.ts';
import { type Route, responseOf, route } from '../../../route.ts';
import type { Services } from '../../../services.ts';
import type { FeedFacts, ReadFeeds } from './feeds.ts';
import { plainDeadline, type Use } from './plain-deadline.ts';

interface ScoreRow {
  readonly by_party: string;
  readonly at: Instant;
  readonly statement: ScoreStatement;
  readonly score: Omit<Score, 'at' | 'by'>;
}

/** Not by name: a score is a row, and a name must be erasable. Who it was stands beside the score. */
const statedBy = 'stated by a coordinator';

/** What prioritizing asks of other slices; bound in slices/index.ts. */
export interface PrioritizeNeeds {
  openedAt(reader: Reader, caseId: string): Promise<Instant>;
}

/** The operations of this slice. */
export function prioritizeRoutes(
  services: Services,
  feeds: ReadFeeds,
  needs: PrioritizeNeeds,
): readonly Route[] {
  const { database, execute, content, directory } = services;
  return [
    route(contract.score, async ({ params, body, envelope, actor, now }) => {
      const openedAt = await database.read((r) => needs.openedAt(r, params.case));
      const priority = prioritize({
        ...stated(body, { source: statedBy, date: now.slice(0, 10) }),
        ...(await feeds(body.cve ?? null)),
        detectedAt: openedAt,
        now,
      });
      if (!priority.ok) return priority;
      const score = scoreOf(priority.value);
      const executed = await execute(envelope, async (tx, at) => {
        const id = newId('decision');
        await tx.run(sql`
          insert into prioritize.score (id, case_id, by_party, at, statement, score)
          values (${id}, ${params.case}, ${actor.id}, ${at}, ${JSON.stringify(body)}, ${JSON.stringify(score)})`);
        const data = {
          score: id,
          ssvc: score.ssvc.decision,
          bod2604: score.bod2604.tier,
          row: score.bod2604.row,
        };
        return ok({
          events: [{ act: 'prioritize.scored', subject: params.case, data }],
          response: { ...score, at },
        });
      });
      if (!executed.ok) return executed;
      return ok({ ...executed.value.response, by: await directory.refOf(actor.id) });
    }),
    route(contract.get, async ({ params, level }) => {
      // What was stated may come from reports that a finder of the case may not know.
      if (level < levels.detail) return ok({ score: null });
      const row = await database.read((r) => newestScore(r, params.case));
      return ok({
        score:
          row === null
            ? null
            : { ...row.score, at: row.at, by: await directory.refOf(row.by_party) },
      });
    }),
    route(contract.loadFeed, async ({ params, body, envelope }) => {
      const read = readFeed(params.feed, body.text);
      if (!read.ok) return read;
      const ref = await content.putText(body.text, `${params.feed}.txt`);
      const executed = await execute(envelope, async (tx, now) => {
        const { entries, date } = read.value;
        await tx.run(sql`
          insert into prioritize.feed (feed, date, entries, loaded_at, text_content)
          values (${params.feed}, ${date}, ${entries}, ${now}, ${ref.id})
          on conflict (feed) do update set date = excluded.date, entries = excluded.entries,
            loaded_at = excluded.loaded_at, text_content = excluded.text_content`);
        const event = {
          act: 'prioritize.feed-loaded',
          subject: params.feed,
          data: { feed: params.feed, entries, date },
        };
        return ok({
          events: [event],
          contents: [{ ref, subject: params.feed, level: 1 }],
          response: { entries, date },
        });
      });
      return responseOf(executed);
    }),
  ];
}

/** Until when an operator who hears of a case at `detectedAt` should have acted, and by which rule. */
export async function deadlineOf(
  services: Services,
  feeds: ReadFeeds,
  given: { readonly case: string; readonly cve: string | null; readonly detectedAt: Instant },
): Promise<{ readonly dueAt: Instant | null; readonly because: string }> {
  const row = await services.database.read((r) => newestScore(r, given.case));
  const known =
    row === null ? {} : stated(row.statement, { source: statedBy, date: row.at.slice(0, 10) });
  const facts = await feeds(given.cve ?? row?.statement.cve ?? null);
  const priority = prioritize({
    ...known,
    ...facts,
    detectedAt: given.detectedAt,
    now: given.detectedAt,
  });
  if (!priority.ok) throw new Error(`a kept statement no longer scores: ${priority.refusal.got}`);
  const { bod2604 } = priority.value;
  const active = row?.statement.exploitation === 'active';
  return { dueAt: bod2604.dueAt, because: plainDeadline(bod2604, useOf(facts, active)) };
}

function useOf({ kev }: FeedFacts, active: boolean): Use {
  if (active || (kev !== undefined && kev.row !== null)) return 'used';
  return kev === undefined ? 'unknown' : 'not-listed';
}

/** What the newest score of each case says of its urgency; a case without one is not in the map. */
export async function prioritiesOf(
  reader: Reader,
  cases: readonly string[],
): Promise<
  ReadonlyMap<string, { decision: string | null; severity: string | null; exploited: boolean }>
> {
  const rows = await reader.rows(sql<ScoreRow & { case_id: string }>`
    select distinct on (case_id) case_id, score from prioritize.score
    where case_id = any(${[...cases]}) order by case_id, at desc, id desc`);
  return new Map(
    rows.map(({ case_id: id, score }) => {
      const listed = score.inputs.find((input) => input.name === 'In KEV')?.value ?? null;
      const exploited = listed?.startsWith('yes') === true;
      return [
        id,
        { decision: score.ssvc.decision, severity: score.cvss?.severity ?? null, exploited },
      ];
    }),
  );
}

async function newestScore(reader: Reader, caseId: string): Promise<ScoreRow | null> {
  return await reader.row(sql<ScoreRow>`
    select by_party, at, statement, score from prioritize.score
    where case_id = ${caseId} order by at desc, id desc limit 1`);
}

function stated(
  s: ScoreStatement,
  from: { readonly source: string; readonly date: string },
): Omit<PriorityFacts, 'detectedAt' | 'now'> {
  const known = (name: keyof PriorityFacts, value: string | undefined) =>
    value === undefined ? {} : { [name]: { value, ...from } };
  return {
    ...known('exploitation', s.exploitation),
    ...known('automatable', s.automatable),
    ...known('technicalImpact', s.technicalImpact),
    ...known('missionPrevalence', s.missionPrevalence),
    ...known('publicWellBeing', s.publicWellBeing),
    ...known('exposure', s.publiclyExposed),
    ...known('cvss', s.cvss),
  };
}

function scoreOf(priority: Priority): Omit<Score, 'at' | 'by'> {
  const { tier, table, row, days, rule } = priority.bod2604;
  const { ssvc } = priority;
  return {
    inputs: priority.inputs.map((i) => ({
      name: i.name,
      value: i.value,
      source: i.source,
      date: i.date,
      assumed: i.assumed,
    })),
    ssvc: { decision: ssvc.decision, table: ssvc.table, row: ssvc.row },
    bod2604: { tier, table, row, days, rule },
    cvss: priority.cvss === null ? null : { ...priority.cvss },
  };
}

function readFeed(
  feed: 'kev' | 'epss',
  text: string,
): Result<{ entries: number; date: string | null }> {
  if (feed === 'kev') {
    const kev = parseKevJson(text);
    if (!kev.ok) return refuse({ ...kev.refusal, code: 'feed-malformed' });
    return ok({ entries: kev.value.entries.size, date: kev.value.released });
  }
  const epss = parseEpss(text);
  if (!epss.ok) return refuse({ ...epss.refusal, code: 'feed-malformed' });
  return ok({ entries: epss.value.rows.size, date: epss.value.scoredAt });
}
