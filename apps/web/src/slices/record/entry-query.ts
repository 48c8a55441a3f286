import type { Id } from '@breakwater/kernel';
import { parseId } from '@breakwater/kernel';

export type EntryQuery =
  | { readonly kind: 'number'; readonly index: number }
  | { readonly kind: 'entry'; readonly id: Id<'entry'> }
  | { readonly kind: 'case'; readonly id: Id<'case'> };

/** What a person typed to find an entry: its number, its id or a case's; null for all else. */
export function wayToEntry(text: string): EntryQuery | null {
  const asked = text.trim();
  const digits = /^(?:#|log entry )?(\d{1,15})$/i.exec(asked)?.[1];
  if (digits !== undefined) return { kind: 'number', index: Number(digits) };
  const entry = parseId('entry', asked);
  if (entry !== null) return { kind: 'entry', id: entry };
  const about = parseId('case', asked);
  return about === null ? null : { kind: 'case', id: about };
}
