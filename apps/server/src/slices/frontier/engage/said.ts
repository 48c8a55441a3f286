import { Endpoint } from '@breakwater/contract';
import type { Id } from '@breakwater/kernel';
import { z } from 'zod';
import { sealed } from '../../../platform/commands/audience.ts';
import type { NewContent } from '../../../platform/commands/commands.ts';
import type { ContentRef, ContentStore } from '../../../platform/content/content.ts';
import type { SaidKind, SaidRow } from './store.ts';

/** What a developer may write into an engagement. */
interface Said {
  readonly codename?: string | undefined;
  readonly hosting?: string | undefined;
  readonly contacts?: string | undefined;
  readonly endpoints?: readonly z.infer<typeof Endpoint>[] | undefined;
}

/** Texts that were put, before the transaction that keeps them. */
export type PutTexts = ReadonlyMap<SaidKind, ContentRef>;

/** Puts what was written into the content store. */
export async function putSaid(content: ContentStore, said: Said): Promise<PutTexts> {
  const endpoints = said.endpoints === undefined ? undefined : JSON.stringify(said.endpoints);
  const texts = { ...said, endpoints };
  const put = new Map<SaidKind, ContentRef>();
  for (const kind of ['codename', 'hosting', 'contacts', 'endpoints'] as const) {
    const text = texts[kind];
    if (text !== undefined) put.set(kind, await content.putText(text, `${kind}.txt`));
  }
  return put;
}

/** Their ids, for rows and entries. */
export function idsOf(put: PutTexts): Map<SaidKind, Id<'content'>> {
  return new Map([...put].map(([kind, ref]) => [kind, ref.id]));
}

export function contentsOf(put: PutTexts, engagement: string): readonly NewContent[] {
  return [...put.values()].map((ref) => ({ ref, subject: engagement, level: sealed }));
}

/** What counts of what was written; null: nothing was, or it was erased. */
export async function readSaid(
  content: ContentStore,
  rows: readonly SaidRow[],
): Promise<Readonly<Record<Exclude<SaidKind, 'endpoints'>, string | null>>> {
  const read = async (kind: SaidKind) => {
    const row = rows.find((each) => each.kind === kind);
    return row === undefined ? null : await content.getText(row.content);
  };
  return {
    codename: await read('codename'),
    hosting: await read('hosting'),
    contacts: await read('contacts'),
  };
}

const Endpoints = z.array(Endpoint);

/** Where the model answers, to be asked only for those who may see it; null: it was erased. */
export async function readEndpoints(
  content: ContentStore,
  rows: readonly SaidRow[],
): Promise<z.infer<typeof Endpoints> | null> {
  const row = rows.find(({ kind }) => kind === 'endpoints');
  if (row === undefined) return [];
  const text = await content.getText(row.content);
  return text === null ? null : Endpoints.parse(JSON.parse(text));
}
