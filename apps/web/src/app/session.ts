import type { Me } from '@breakwater/contract';
import { createClient, session } from '@breakwater/contract';
import { QueryClient } from '@tanstack/react-query';
import type { Reader } from '../slices/session/screen.ts';
import { problemOf, readOf } from '../slices/session/server.ts';

/** How long an answer counts as fresh where nothing said that it changed. */
const freshMs = 15_000;

/** One cache of answers, and one client whose cookie the browser sends by itself. */
export function makeReader(): Reader {
  return {
    client: createClient({ baseUrl: '' }),
    queries: new QueryClient({
      defaultOptions: {
        queries: {
          staleTime: freshMs,
          // A refusal stays a refusal; only a lost connection is worth another try.
          retry: (failed, error) => failed < 2 && problemOf(error).code === 'unreachable',
        },
      },
    }),
  };
}

/** Who is signed in; null where nobody is, or nobody could be asked: the page then says so. */
export async function whoIs({ client, queries }: Reader): Promise<Me | null> {
  // What is known is enough to open a page; the frame around it keeps it up to date.
  return queries.ensureQueryData(readOf(client, session.current)).then(
    ({ me }) => me,
    () => null,
  );
}
