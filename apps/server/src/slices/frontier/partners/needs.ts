import type { Instant } from '@breakwater/kernel';
import type { Reader } from '../../../platform/database/database.ts';

/** What partners ask of others; bound in slices/frontier.ts. */
export interface PartnersNeeds {
  /** The party whose model it is; null: there is no such model. */
  developerOf(reader: Reader, model: string): Promise<string | null>;
  /** The Government's windows on a model that are not over: from the first on until the last. */
  windowOf(
    reader: Reader,
    model: string,
    now: Instant,
  ): Promise<{ readonly begins: Instant; readonly ends: Instant } | null>;
}
