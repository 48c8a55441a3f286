/** Where the API key lives: in this tab only, and never in the address bar. */
const slot = 'breakwater-key';

interface Place {
  readonly location: { readonly hash: string; readonly pathname: string; readonly search: string };
  readonly history: Pick<History, 'replaceState'>;
  readonly storage: Pick<Storage, 'setItem'>;
}

/**
 * Takes a key over from `#key=…` and removes it from the address bar at once, so that it reaches
 * neither the history, a bookmark nor a copied link. True if there was one.
 */
export function takeKeyFromFragment({ location, history, storage }: Place): boolean {
  const key = new URLSearchParams(location.hash.replace(/^#/, '')).get('key');
  if (key === null) return false;
  history.replaceState(null, '', location.pathname + location.search);
  if (key.trim() !== '') storage.setItem(slot, key.trim());
  return true;
}

export function readKey(storage: Pick<Storage, 'getItem'>): string | null {
  return storage.getItem(slot);
}

export function keepKey(storage: Pick<Storage, 'setItem'>, key: string): void {
  storage.setItem(slot, key);
}

export function forgetKey(storage: Pick<Storage, 'removeItem'>): void {
  storage.removeItem(slot);
}
