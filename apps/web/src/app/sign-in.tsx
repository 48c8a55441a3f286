import type { Problem } from '@breakwater/contract';
import { createClient, directory } from '@breakwater/contract';
import { useState } from 'react';
import { ProblemNote } from '../slices/session/problem-note.tsx';
import { problemOf } from '../slices/session/server.ts';

interface SignInProps {
  readonly onKey: (key: string) => void;
}

/** Asks for an API key and tries it before it is kept. */
export function SignIn({ onKey }: SignInProps) {
  const [key, setKey] = useState('');
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  async function tryKey(): Promise<void> {
    setBusy(true);
    try {
      const tried = key.trim();
      await createClient({ baseUrl: '', key: tried }).call(directory.whoAmI);
      onKey(tried);
    } catch (cause) {
      setProblem(problemOf(cause));
      setBusy(false);
    }
  }
  return (
    <main className="page page-narrow sign-in" id="content">
      <h1>Sign in</h1>
      <p className="soft">
        Paste the API key you were given. It stays in this tab and is forgotten when you close it.
        Whoever runs the server makes one there, in the folder it was started from, with{' '}
        <code>npx breakwater admin key --name &quot;Your team&quot; --role coordinator</code>.
      </p>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void tryKey();
        }}
      >
        <label htmlFor="api-key">API key</label>
        <input
          id="api-key"
          type="password"
          autoComplete="off"
          spellCheck={false}
          value={key}
          onChange={(event) => setKey(event.target.value)}
        />
        <button type="submit" className="button button-first" disabled={busy || key.trim() === ''}>
          {busy ? 'Signing in…' : 'Sign in'}
        </button>
      </form>
      {problem === null ? null : <ProblemNote problem={problem} />}
    </main>
  );
}
