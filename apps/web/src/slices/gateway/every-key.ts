import { gateway } from '@breakwater/contract';
import { useEffect } from 'react';
import { usePages } from '../session/server.ts';

/** All keys that the reader may see, page after page, for what has to be said of all of them. */
export function useEveryKey() {
  const pages = usePages([gateway.keys.id, 'all'], (client, after) =>
    client.call(gateway.keys, { query: { limit: 200, ...(after === undefined ? {} : { after }) } }),
  );
  const { has, loading, load } = pages.more;
  useEffect(() => {
    if (has && !loading) load();
  }, [has, loading, load]);
  return { ...pages, isWhole: pages.loaded.state === 'ready' && !has };
}
