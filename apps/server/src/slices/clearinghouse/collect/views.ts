import type { Finding } from '@breakwater/contract';
import { digestOf, type Id } from '@breakwater/kernel';
import { levels } from '../../../platform/commands/audience.ts';
import type { Reader } from '../../../platform/database/database.ts';
import type { Services } from '../../../services.ts';
import type { FindingFacts, FindingFile } from './decide.ts';
import type { FindingRow } from './store.ts';

/** One finding as far as the reader's level goes: identity of the reporter only at `all`. */
export async function findingView(
  services: Services,
  needs: { caseOf(reader: Reader, finding: string): Promise<Id<'case'> | null> },
  row: FindingRow,
): Promise<Finding> {
  const { content, database, directory } = services;
  const facts = row.level >= levels.detail ? await readFacts(services, row.facts_content) : null;
  return {
    id: row.id,
    kind: row.kind,
    title: (await content.getText(row.title_content)) ?? '(erased)',
    package: row.package,
    version: row.version,
    recipe: row.recipe,
    marking: row.marking,
    tool: row.tool_content === null ? null : await content.getText(row.tool_content),
    reporter: row.level >= levels.all ? await directory.refOf(row.reporter) : null,
    receivedAt: row.received_at,
    case: await database.read((r) => needs.caseOf(r, row.id)),
    standing: row.level >= levels.all ? row.standing : null,
    crash: facts?.crash
      ? { ...facts.crash, state: [...facts.crash.state], frames: [...facts.crash.frames] }
      : null,
    description: facts?.description ?? null,
    location: facts?.location ?? null,
    weakness: facts?.weakness ?? null,
    identifiers: [...(facts?.identifiers ?? [])],
    contents: [...(facts?.files ?? []), ...(await ownTexts(services, row))],
  };
}

/** What we wrote down ourselves of a submission: named at `all`, so that it can be erased too. */
async function ownTexts(services: Services, row: FindingRow): Promise<FindingFile[]> {
  if (row.level < levels.all) return [];
  const kept = [
    { name: 'title.txt', content: row.title_content },
    { name: 'tool.txt', content: row.tool_content },
    { name: 'facts.json', content: row.facts_content },
  ];
  const files = await Promise.all(
    kept.map(async ({ name, content }) => {
      const bytes = content === null ? null : await services.content.get(content);
      if (content === null || bytes === null) return null;
      return { name, content, size: bytes.length, sha256: digestOf(bytes) };
    }),
  );
  return files.filter((file) => file !== null);
}

/** The facts read out of a submission; null once erased. */
export async function readFacts(
  services: Services,
  id: Id<'content'>,
): Promise<FindingFacts | null> {
  const text = await services.content.getText(id);
  return text === null ? null : (JSON.parse(text) as FindingFacts); // written by us, authenticated by the store
}
