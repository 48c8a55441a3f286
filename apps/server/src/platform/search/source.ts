import type { FoundIn, FoundKind } from '@breakwater/contract';
import type { Id, Instant } from '@breakwater/kernel';
import type { Reader } from '../database/database.ts';

/** One text of something that can be found, and the level from which on it is shown. */
export type SourceText =
  | { readonly place: FoundIn; readonly level: number; readonly text: string }
  | {
      readonly place: FoundIn;
      readonly level: number;
      readonly content: Id<'content'>;
      /** What of the content counts; all of it unless told. */
      readonly pick?: (text: string) => string;
    };

/** Something that can be found, as its slice's rows tell it. */
export interface SourceDocument {
  readonly kind: FoundKind;
  readonly id: string;
  /** Whose visibility rules it; null: whoever may ask for its kind sees it. */
  readonly subject: string | null;
  readonly at: Instant;
  readonly texts: readonly SourceText[];
}

/** Which documents: a page in the order of their ids, or those with these ids or subjects. */
export type SourceWish =
  | { readonly after: string; readonly limit: number }
  | { readonly about: readonly string[] };

/** What a slice has to be found. */
export type Source = (reader: Reader, wish: SourceWish) => Promise<readonly SourceDocument[]>;
