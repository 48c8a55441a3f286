import { checkMembership, commitmentOf, type Item, readItem } from '@breakwater/benchmark';
import type { Output, suites } from '@breakwater/contract';
import { fromBase64 } from '@breakwater/kernel';

export type Opening = NonNullable<Output<typeof suites.item>['opening']>;

export interface Sealed {
  /** In hexadecimal, as the suite was sealed. */
  readonly root: string;
  readonly count: number;
  /** Of the item, as it stands in the list. */
  readonly commitment: string;
}

export interface OpeningCheck {
  readonly isCommitted: boolean;
  readonly isOfSuite: boolean;
  /** null: in another form than docs/suite-format.md describes; it may be what was sealed all the same. */
  readonly item: Item | null;
}

/** Whether an opening shows the item that was sealed: computed here, from what was sealed alone. */
export function checkOpened(opening: Opening, sealed: Sealed): OpeningCheck {
  const { salt, item, path, place, count, root } = opening;
  const bytes = fromBase64(salt);
  const commitment = bytes?.length === 32 ? commitmentOf(bytes, item) : '';
  const membership = { commitment, place, count, path, root };
  const member =
    commitment !== '' &&
    checkMembership({ format: 'breakwater-membership/1', ...membership }, sealed).ok;
  const read = readItem(item);
  return {
    isCommitted: commitment === sealed.commitment,
    isOfSuite: member,
    item: read.ok ? read.value : null,
  };
}
