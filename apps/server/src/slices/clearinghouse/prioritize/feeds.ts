import { type EpssRow, type EpssScores, parseEpss } from '@breakwater/formats/epss';
import { type KevCatalog, type KevEntry, parseKevJson } from '@breakwater/formats/kev';
import type { Id, Instant } from '@breakwater/kernel';
import type { FromFeed } from '@breakwater/priorities';
import { sql } from 'kysely';
import type { Services } from '../../../services.ts';

interface FeedRow {
  readonly date: string | null;
  readonly loaded_at: Instant;
  readonly text_content: Id<'content'>;
}

/** What the loaded feeds say of a vulnerability; absent where no feed was loaded. */
export interface FeedFacts {
  readonly kev?: FromFeed<KevEntry>;
  readonly epss?: FromFeed<EpssRow>;
}

export type ReadFeeds = (cve: string | null) => Promise<FeedFacts>;

/** Reads the feeds as they were loaded last; parsed once per load. */
export function createFeeds(services: Services): ReadFeeds {
  const kevs = new Map<string, KevCatalog>();
  const epsses = new Map<string, EpssScores>();
  return async (cve) => {
    const kevRow = await feedRow(services, 'kev');
    const epssRow = await feedRow(services, 'epss');
    const kev =
      kevRow === null
        ? null
        : await once(kevs, kevRow, (text) => must(parseKevJson(text)), services);
    const epss =
      epssRow === null
        ? null
        : await once(epsses, epssRow, (text) => must(parseEpss(text)), services);
    return {
      ...(kev === null
        ? {}
        : {
            kev: {
              row: entryOf(kev.entries, cve),
              source: 'CISA KEV catalog',
              date: kevRow?.date ?? null,
            },
          }),
      ...(epss === null
        ? {}
        : {
            epss: {
              row: entryOf(epss.rows, cve),
              source: 'FIRST EPSS',
              date: epssRow?.date ?? null,
            },
          }),
    };
  };
}

function entryOf<T>(entries: ReadonlyMap<string, T>, cve: string | null): T | null {
  return cve === null ? null : (entries.get(cve) ?? null);
}

async function feedRow(services: Services, feed: 'kev' | 'epss'): Promise<FeedRow | null> {
  return await services.database.read((r) =>
    r.row(
      sql<FeedRow>`select date, loaded_at, text_content from prioritize.feed where feed = ${feed}`,
    ),
  );
}

async function once<T>(
  cache: Map<string, T>,
  row: FeedRow,
  parse: (text: string) => T,
  services: Services,
): Promise<T | null> {
  const known = cache.get(row.text_content);
  if (known !== undefined) return known;
  const text = await services.content.getText(row.text_content);
  if (text === null) return null;
  cache.clear();
  const parsed = parse(text);
  cache.set(row.text_content, parsed);
  return parsed;
}

/** A feed was parsed when it was loaded; that it no longer parses is a broken assumption. */
function must<T>(result: { ok: true; value: T } | { ok: false; refusal: { got: string } }): T {
  if (!result.ok) throw new Error(`a loaded feed no longer parses: ${result.refusal.got}`);
  return result.value;
}
