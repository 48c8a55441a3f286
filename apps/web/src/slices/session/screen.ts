import type { Client } from '@breakwater/contract';
import type { QueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';

/** What the address says: the things in its path and what stands behind the question mark. */
export interface Address {
  readonly params: Readonly<Record<string, string>>;
  readonly search: Readonly<Record<string, string>>;
}

/** What a loader may use. */
export interface Reader {
  readonly client: Client;
  readonly queries: QueryClient;
}

/** One screen: its data is asked for as soon as its address is known, beside its own code. */
export interface Screen {
  /** Begins to read; what the page reads with `useLoad` is then already on its way. */
  readonly load?: (reader: Reader, address: Address) => void;
  readonly Page: (address: Address) => ReactNode;
}
