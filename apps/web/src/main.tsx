import './app/quiet-zod.ts';
import { createRoot } from 'react-dom/client';
import { App } from './app/app.tsx';
import { routeOf } from './app/routes.ts';
import { applyTheme } from './app/theme.tsx';
import { takeKeyFromFragment } from './slices/session/key.ts';

// First of all: a key in the address must leave it before anything else can read it.
takeKeyFromFragment({ location, history, storage: sessionStorage });
applyTheme();
// A link with a key followed on an open page changes only the fragment.
addEventListener('hashchange', () => {
  if (takeKeyFromFragment({ location, history, storage: sessionStorage })) location.reload();
});

const root = document.getElementById('root');
if (root === null) throw new Error('expected an element with the id root in index.html');
createRoot(root).render(<App route={routeOf(location.pathname)} />);
