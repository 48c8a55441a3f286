import type { Me } from '@breakwater/contract';
import { createContext, useContext } from 'react';

export const MeContext = createContext<Me | null>(null);

/** Who is signed in; null on pages that anybody may read. */
export function useMe(): Me | null {
  return useContext(MeContext);
}

/** Whether the signed-in party may call the operation with this id: what to offer, not a wall. */
export function useMay(): (operation: { readonly id: string }) => boolean {
  const me = useMe();
  return ({ id }) => me?.permissions.includes(id) ?? false;
}
