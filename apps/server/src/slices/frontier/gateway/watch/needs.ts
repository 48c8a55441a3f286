import type { Id } from '@breakwater/kernel';
import type { Reader } from '../../../../platform/database/database.ts';

/** What the watch asks of other slices; bound in slices/index.ts. */
export interface WatchNeeds {
  /** Whose model it is; null where there is none with this id. */
  developerOf(reader: Reader, model: string): Promise<Id<'party'> | null>;
}
