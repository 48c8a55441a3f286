import type { Finding } from '@breakwater/contract';
import { digestOf, type Id, utf8 } from '@breakwater/kernel';
import { levels } from '../../../platform/commands/audience.ts';
import type { Reader } from '../../../platform/database/database.ts';
import type { Services } from '../../../services.ts';
import type { FindingFacts, FindingFile } from './decide.ts';
import type { FindingRow } from './store.ts';

interface ViewNeeds {
  casesOf(reader: Reader, findings: readonly string[]): Promise<ReadonlyMap<string, Id<'case'>>>;
}

/** Findings as far as the reader's level on each goes: identity of the reporter only at `all`. */
export async function findingViews(
  services: Services,
  needs: ViewNeeds,
  rows: readonly FindingRow[],
): Promise<Finding[]> {
  if (rows.length === 0) return [];
  const ids = rows.map((row) => row.id);
  const cases = await services.database.read((r) => needs.casesOf(r, ids));
  return await Promise.all(rows.map((row) => viewOf(services, row, cases.get(row.id) ?? null)));
}

async function viewOf(
  { content, directory }: Services,
  row: FindingRow,
  caseId: Id<'case'> | null,
): Promise<Finding> {
  const read = async (id: Id<'content'> | null) => (id === null ? null : await content.getText(id));
  const [title, tool, told] = await Promise.all([
    read(row.title_content),
    read(row.tool_content),
    row.level >= levels.detail ? read(row.facts_content) : null,
  ]);
  const facts = told === null ? null : factsIn(told);
  return {
    id: row.id,
    kind: row.kind,
    title: title ?? '(erased)',
    package: row.package,
    version: row.version,
    recipe: row.recipe,
    marking: row.marking,
    tool,
    reporter: row.level >= levels.all ? await directory.refOf(row.reporter) : null,
    receivedAt: row.received_at,
    case: caseId,
    standing: row.level >= levels.all ? row.standing : null,
    crash: facts?.crash
      ? { ...facts.crash, state: [...facts.crash.state], frames: [...facts.crash.frames] }
      : null,
    description: facts?.description ?? null,
    location: facts?.location ?? null,
    weakness: facts?.weakness ?? null,
    identifiers: [...(facts?.identifiers ?? [])],
    contents: [
      ...(facts?.files ?? []),
      ...ownTexts(row, { title, tool, facts: told }),
      ...(facts?.report !== undefined && row.level >= levels.all ? [facts.report] : []),
    ],
  };
}

/** What we wrote down ourselves of a submission: named at `all`, so that it can be erased too. */
function ownTexts(
  row: FindingRow,
  texts: Readonly<Record<'title' | 'tool' | 'facts', string | null>>,
): readonly FindingFile[] {
  if (row.level < levels.all) return [];
  const kept = [
    { name: 'title.txt', content: row.title_content, text: texts.title },
    { name: 'tool.txt', content: row.tool_content, text: texts.tool },
    { name: 'facts.json', content: row.facts_content, text: texts.facts },
  ];
  return kept.flatMap(({ name, content, text }): FindingFile[] => {
    if (content === null || text === null) return [];
    const bytes = utf8(text);
    return [{ name, content, size: bytes.length, sha256: digestOf(bytes) }];
  });
}

/** The facts read out of a submission; null once erased. */
export async function readFacts(
  services: Services,
  id: Id<'content'>,
): Promise<FindingFacts | null> {
  const text = await services.content.getText(id);
  return text === null ? null : factsIn(text);
}

function factsIn(text: string): FindingFacts {
  return JSON.parse(text) as FindingFacts; // written by us, authenticated by the store
}
