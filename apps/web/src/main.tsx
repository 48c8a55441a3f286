import './app/quiet-zod.ts';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { createRoot } from 'react-dom/client';
import { makeRouter } from './app/router.tsx';
import { makeReader } from './app/session.ts';
import { applyTheme } from './app/theme.tsx';
import { ServerContext } from './slices/session/server.ts';
import { Toasts } from './ui/toast.tsx';

applyTheme();
const root = document.getElementById('root');
if (root === null) throw new Error('expected an element with the id root in index.html');
const reader = makeReader();
const router = makeRouter(reader);
createRoot(root).render(
  <QueryClientProvider client={reader.queries}>
    <ServerContext value={reader.client}>
      <Toasts>
        <RouterProvider router={router} />
      </Toasts>
    </ServerContext>
  </QueryClientProvider>,
);
