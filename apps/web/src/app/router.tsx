import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  useLocation,
  useMatch,
  useParams,
} from '@tanstack/react-router';
import type { Reader, Screen } from '../slices/session/screen.ts';
import { Note } from '../ui/note.tsx';
import { Page } from '../ui/page.tsx';
import { Frame } from './frame.tsx';
import { pathOf } from './paths.ts';
import { places } from './routes.ts';
import { whoIs } from './session.ts';
import { SignInFirst } from './sign-in-first.tsx';

interface Context {
  readonly reader: Reader;
}

const root = createRootRouteWithContext<Context>()({
  component: Frame,
  notFoundComponent: NoSuchPage,
});

const routes = places.map(({ pattern, audience, open }) =>
  createRoute({
    getParentRoute: () => root,
    path: pattern,
    loader: async ({ context, params, location }): Promise<Screen> => {
      const me = await whoIs(context.reader);
      if (me === null && audience === 'members') return { Page: SignInFirst };
      const screen = await open(me);
      // The path's words are text whatever the pattern; the router cannot know which there are.
      const named = params as Readonly<Record<string, string>>;
      screen.load?.(context.reader, { params: named, search: searchOf(location.searchStr) });
      return screen;
    },
    // What a screen reads has its own cache; asking for the screen again costs nothing.
    staleTime: 0,
    component: Shown,
    errorComponent: Broken,
  }),
);

/** Draws the screen of the address. A new address of the same screen keeps what is on it. */
function Shown() {
  const { searchStr } = useLocation();
  const params: Readonly<Record<string, string>> = useParams({ strict: false });
  const screen = useScreen();
  return <screen.Page params={params} search={searchOf(searchStr)} />;
}

function useScreen(): Screen {
  const data: unknown = useMatch({ strict: false, select: ({ loaderData }) => loaderData });
  // Every route's loader answers with a screen; the router cannot know it of a list of routes.
  return data as Screen;
}

function NoSuchPage() {
  return (
    <Page title="There is no such page" width="narrow">
      <p>
        The address may be mistyped, or what it named is not for you to see. Start again at{' '}
        <a href={pathOf('home')}>the first page</a>.
      </p>
    </Page>
  );
}

function Broken({ error }: { readonly error: unknown }) {
  return (
    <Page title="This page broke" width="narrow">
      <Note tone="fired" title="Something in these pages went wrong" role="alert">
        <p>Nothing you sent was lost by it. Reload the page; if it stays so, report this:</p>
        <pre className="raw">{String(error).slice(0, 500)}</pre>
      </Note>
    </Page>
  );
}

function searchOf(text: string): Readonly<Record<string, string>> {
  return Object.fromEntries(new URLSearchParams(text));
}

export function makeRouter(reader: Reader) {
  return createRouter({
    routeTree: root.addChildren(routes),
    context: { reader },
    // Addresses are plain text: `?q=1` is the text 1, and nothing is parsed as JSON.
    parseSearch: searchOf,
    stringifySearch: (search: Record<string, unknown>) => {
      const text = new URLSearchParams(
        Object.entries(search).map(([name, value]) => [name, String(value)]),
      ).toString();
      return text === '' ? '' : `?${text}`;
    },
    // A page that names what is looked at (`at`) brings it into view by itself.
    scrollRestoration: ({ location }) => !/[?&]at=/.test(location.searchStr),
    defaultPreloadStaleTime: 0,
  });
}
