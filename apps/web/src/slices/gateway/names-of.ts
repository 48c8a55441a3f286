import { earlyAccess, engage, partners } from '@breakwater/contract';
import { localZone } from '../../ui/moment.tsx';
import { dayAndHour } from '../../ui/time.ts';
import { useLoad } from '../session/server.ts';

/** What a developer's own models, tiers and windows are called, by their ids. */
export function useNames(): (id: string) => string {
  const models = useLoad(engage.models, { query: { limit: 200 } });
  const tiers = useLoad(partners.ownTiers, {});
  const windows = useLoad(earlyAccess.windows, { query: { limit: 200 } });
  const names = new Map<string, string>([
    ...itemsOf(models).map(({ id, codenames }) => [id, codenames[0] ?? id] as const),
    ...itemsOf(tiers).map(
      ({ id, name }) => [id, `the tier ${name ?? 'whose name was erased'}`] as const,
    ),
    ...itemsOf(windows).map(
      ({ id, begins }) => [id, `the window from ${dayAndHour(begins, localZone())}`] as const,
    ),
  ]);
  return (id) => names.get(id) ?? id;
}

interface Read<Item> {
  readonly loaded:
    | { readonly state: 'loading' }
    | { readonly state: 'failed' }
    | { readonly state: 'ready'; readonly data: { readonly items: readonly Item[] } };
}

function itemsOf<Item>({ loaded }: Read<Item>): readonly Item[] {
  return loaded.state === 'ready' ? loaded.data.items : [];
}
