import type { Me } from '@breakwater/contract';
import { claims, session } from '@breakwater/contract';
import { Outlet, useLocation, useRouter, useRouterState } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useMemo, useRef, useState } from 'react';
import { type Change, useLive } from '../slices/session/live.ts';
import { MeContext } from '../slices/session/me.ts';
import { useLoad, useServer } from '../slices/session/server.ts';
import { intoStrip } from '../ui/into-strip.ts';
import { useShortcut } from '../ui/keys.ts';
import { useSay } from '../ui/toast.tsx';
import { useKeptFocus } from './kept-focus.ts';
import type { Way } from './navigation.ts';
import { isHere, waysOf } from './navigation.ts';
import { isPage, pathOf } from './paths.ts';
import { ThemeChoice } from './theme.tsx';
import { WhoIsHere } from './who-is-here.tsx';

// What nobody needs for the first look comes after it.
const Account = lazy(() => import('./account.tsx'));
const Palette = lazy(() => import('./palette.tsx'));
const KeyboardHelp = lazy(() => import('./keyboard-help.tsx'));

/** What stands around every page: who is here, where to go, the palette and the help. */
export function Frame() {
  const { loaded } = useLoad(session.current, {});
  const me = loaded.state === 'ready' ? loaded.data.me : null;
  const ways = useMemo(() => (me === null ? [] : waysOf(me)), [me]);
  const [searching, setSearching] = useState(false);
  const [helping, setHelping] = useState(false);
  const openSearch = (): void => setSearching(true);
  useLinks();
  useKeptFocus();
  useLive(me !== null, useNews(me));
  useShortcut('/', 'Search', me === null ? null : openSearch);
  useShortcut('Control+k', 'Search and go', me === null ? null : openSearch);
  useShortcut('?', 'What the keyboard does', () => setHelping(true));
  return (
    <MeContext value={me}>
      <a className="skip" href="#content">
        Skip to the content
      </a>
      <div className={me === null ? 'frame-out' : 'frame-in'}>
        <Bar me={me} ways={ways} onSearch={openSearch} onHelp={() => setHelping(true)} />
        <Outlet />
      </div>
      {ways.map((way) => (
        <WayKeys key={way.keys} way={way} />
      ))}
      <Suspense>
        {searching ? <Palette onClose={() => setSearching(false)} ways={ways} /> : null}
        {helping ? <KeyboardHelp onClose={() => setHelping(false)} /> : null}
      </Suspense>
    </MeContext>
  );
}

/** Says on any page what its reader must hear at once: that a claim is lost, or soon will be. */
function useNews(me: Me | null): (changes: readonly Change[]) => void {
  const client = useServer();
  const say = useSay();
  return (changes) => {
    const ids = changes.filter(({ kind }) => kind === 'claim').map(({ id }) => id);
    if (ids.length === 0 || !(me?.permissions.includes(claims.get.id) ?? false)) return;
    // Its words come when there is something to say.
    import('../slices/deconflict/claim-news.ts')
      .then(async ({ claimNews }) => (await claimNews(client, ids)).forEach(say))
      .catch(() => {});
  };
}

interface BarProps {
  readonly me: Me | null;
  readonly ways: readonly Way[];
  readonly onSearch: () => void;
  readonly onHelp: () => void;
}

function Bar({ me, ways, onSearch, onHelp }: BarProps) {
  const { pathname } = useLocation();
  const busy = useRouterState({ select: ({ status }) => status === 'pending' });
  return (
    <header className="bar" data-busy={busy || undefined}>
      <a href={pathOf('home')} className="wordmark">
        <svg viewBox="0 0 24 16" aria-hidden="true" className="wordmark-sign">
          <path d="M1 12c3.6 0 3.6-3 7.2-3s3.6 3 7.2 3" />
          <path d="M17 2v12M20 2v12M23 2v12" />
        </svg>
        Breakwater
      </a>
      {me === null ? null : (
        <>
          <button type="button" className="bar-search" onClick={onSearch}>
            <span>Search</span> <kbd>/</kbd>
          </button>
          <nav aria-label="Main" className="bar-ways">
            <ul>
              {ways.map((way) => (
                <li key={way.href}>
                  <WayLink way={way} here={isHere(pathname, way)} />
                </li>
              ))}
            </ul>
          </nav>
        </>
      )}
      <div className="bar-end small">
        {me === null ? <Outside pathname={pathname} /> : <AccountButton me={me} onHelp={onHelp} />}
      </div>
    </header>
  );
}

function WayLink({ way, here }: { readonly way: Way; readonly here: boolean }) {
  return (
    <a
      href={way.href}
      ref={here ? intoStrip : null}
      {...(here ? { 'aria-current': 'page' as const } : {})}
    >
      {way.label}
    </a>
  );
}

/** Where whoever is not signed in can go. */
function Outside({ pathname }: { readonly pathname: string }) {
  return (
    <>
      <nav aria-label="Main" className="bar-out">
        {outside.map(({ label, href }) => (
          <a key={href} href={href} aria-current={isHere(pathname, { href }) ? 'page' : undefined}>
            {label}
          </a>
        ))}
      </nav>
      <ThemeChoice />
    </>
  );
}

const outside = [
  { label: 'Advisories', href: pathOf('advisories') },
  { label: 'Record', href: pathOf('record') },
  { label: 'Sign in', href: pathOf('signIn') },
];

interface AccountButtonProps {
  readonly me: Me;
  readonly onHelp: () => void;
}

/** The menu behind it comes when it is asked for. */
function AccountButton({ me, onHelp }: AccountButtonProps) {
  const [asked, setAsked] = useState(false);
  const button = (
    <button
      type="button"
      className="bar-party"
      aria-haspopup="menu"
      aria-expanded={asked}
      onClick={() => setAsked(true)}
    >
      <WhoIsHere me={me} />
    </button>
  );
  if (!asked) return button;
  return (
    <Suspense fallback={button}>
      <Account me={me} onHelp={onHelp} />
    </Suspense>
  );
}

function WayKeys({ way }: { readonly way: Way }) {
  const router = useRouter();
  useShortcut(way.keys, `Go to ${way.label}`, () => router.history.push(way.href));
  return null;
}

/** Follows links to our own pages without loading them anew; every other click is the browser's. */
function useLinks(): void {
  const router = useRouter();
  const { pathname } = useLocation();
  const before = useRef(pathname);
  useEffect(() => {
    // A screen reader hears of the new page as it would of one that was loaded.
    if (before.current !== pathname) document.getElementById('content')?.focus();
    before.current = pathname;
  }, [pathname]);
  useEffect(() => {
    const follow = (event: MouseEvent): void => {
      const link = event.target instanceof Element ? event.target.closest('a[href]') : null;
      const plain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey;
      if (event.defaultPrevented || !plain || event.altKey) return;
      if (!(link instanceof HTMLAnchorElement) || link.target !== '' || link.download !== '')
        return;
      if (link.origin !== location.origin || !isPage(link.pathname)) return;
      const inside = link.pathname === location.pathname && link.search === location.search;
      if (inside && link.hash !== '') return;
      event.preventDefault();
      router.history.push(link.pathname + link.search + link.hash);
    };
    document.addEventListener('click', follow);
    return () => document.removeEventListener('click', follow);
  }, [router]);
}
