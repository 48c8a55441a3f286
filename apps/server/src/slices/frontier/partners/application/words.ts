import { ApplicationWords, KeyReasons } from '@breakwater/contract';
import type { Id } from '@breakwater/kernel';
import type { Services } from '../../../../services.ts';

/** What is kept of an application's texts; undefined is left out. */
export interface KeptWords extends Omit<ApplicationWords, 'helpedBy'> {
  readonly helpedBy: string | undefined;
}

/** What an applicant wrote; null: erased. */
export async function applicationWords(
  { content }: Pick<Services, 'content'>,
  id: Id<'content'>,
): Promise<ApplicationWords | null> {
  const text = await content.getText(id);
  return text === null ? null : ApplicationWords.parse(JSON.parse(text));
}

/** Why a key was turned so, or a partnership looked at; nulls: erased, or none. */
export async function reasonsOf(
  { content }: Pick<Services, 'content'>,
  id: Id<'content'> | null,
): Promise<KeyReasons | { readonly findings: null; readonly reason: null }> {
  const text = id === null ? null : await content.getText(id);
  return text === null ? { findings: null, reason: null } : KeyReasons.parse(JSON.parse(text));
}
