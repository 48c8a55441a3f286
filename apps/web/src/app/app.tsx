import { createClient, directory } from '@breakwater/contract';
import { useMemo, useState } from 'react';
import { CaseList } from '../slices/coordinate/case-list.tsx';
import { CasePage } from '../slices/coordinate/case-page.tsx';
import { NoticeList } from '../slices/distribute/notice-list.tsx';
import { AuditPage } from '../slices/record/audit-page.tsx';
import { forgetKey, keepKey, readKey } from '../slices/session/key.ts';
import { ProblemNote } from '../slices/session/problem-note.tsx';
import { ServerContext, useLoad } from '../slices/session/server.ts';
import { Note } from '../ui/note.tsx';
import type { Route } from './routes.ts';
import { SignIn } from './sign-in.tsx';
import { ThemeButton } from './theme.tsx';

/** The whole client: who is signed in, and the page of the address. */
export function App({ route }: { readonly route: Route }) {
  const [key, setKey] = useState(() => readKey(sessionStorage));
  const client = useMemo(() => (key === null ? null : createClient({ baseUrl: '', key })), [key]);
  if (client === null) {
    return (
      <>
        <Bar />
        <SignIn
          onKey={(given) => {
            keepKey(sessionStorage, given);
            setKey(given);
          }}
        />
      </>
    );
  }
  const signOut = (): void => {
    forgetKey(sessionStorage);
    setKey(null);
  };
  return (
    <ServerContext value={client}>
      <SignedIn route={route} onSignOut={signOut} />
    </ServerContext>
  );
}

interface SignedInProps {
  readonly route: Route;
  readonly onSignOut: () => void;
}

function SignedIn({ route, onSignOut }: SignedInProps) {
  const { loaded, reload } = useLoad(directory.whoAmI, {});
  const party = loaded.state === 'ready' ? loaded.data.party : null;
  return (
    <>
      <Bar {...(party === null ? {} : { party })} onSignOut={onSignOut} />
      {loaded.state === 'failed' ? (
        <main className="page page-narrow" id="content">
          <ProblemNote problem={loaded.problem} retry={reload} />
          <button type="button" className="button" onClick={onSignOut}>
            Sign in with another key
          </button>
        </main>
      ) : null}
      {party === null ? null : <Page route={route} role={party.role} />}
    </>
  );
}

function Page({ route, role }: { readonly route: Route; readonly role: string }) {
  // An auditor takes part in no case: whatever was asked for, the log is what there is to see.
  if (role === 'auditor' && route.page !== 'unknown') return <AuditPage />;
  switch (route.page) {
    case 'cases':
      return role === 'operator' ? <NoticeList /> : <CaseList />;
    case 'case':
      return <CasePage id={route.id} />;
    case 'notices':
      return <NoticeList />;
    case 'unknown':
      return (
        <main className="page" id="content">
          <Note title="There is no such page">
            <p>
              Start again at <a href="/">the list of cases</a>.
            </p>
          </Note>
        </main>
      );
  }
}

const rolesWithCases: ReadonlySet<string> = new Set(['coordinator', 'owner', 'finder']);

interface BarProps {
  readonly party?: { readonly name: string; readonly role: string };
  readonly onSignOut?: () => void;
}

function Bar({ party, onSignOut }: BarProps) {
  return (
    <>
      <a className="skip" href="#content">
        Skip to the content
      </a>
      <header className="bar">
        <div className="bar-in">
          <a href="/" className="wordmark">
            Breakwater
          </a>
          {party === undefined || !rolesWithCases.has(party.role) ? null : (
            <nav aria-label="Main">
              <a href="/">Cases</a>
            </nav>
          )}
          <div className="bar-end small">
            {party === undefined ? null : (
              <span className="bar-party">
                {party.name} <span className="faint">{party.role}</span>
              </span>
            )}
            <ThemeButton />
            {onSignOut === undefined ? null : (
              <button type="button" className="link" onClick={onSignOut}>
                Sign out
              </button>
            )}
          </div>
        </div>
      </header>
    </>
  );
}
