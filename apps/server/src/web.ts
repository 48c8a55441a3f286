import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { formatVerifierKey } from '@breakwater/log';
import { webPages } from '@breakwater/web';
import type { App } from './http.ts';
import { logKeysText, logVerifierKeys } from './platform/journal/log-keys.ts';
import type { Services } from './services.ts';

const mediaTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.json': 'application/json',
  '.png': 'image/png',
};

export interface WebOptions {
  readonly services: Services;
  /** Where the web client was built. */
  readonly directory: string;
  /** Where swagger-ui-dist lies. */
  readonly docsDirectory: string;
}

/** Serves what is the same for everyone: the web client, the log's static files, keys and docs. */
export function serveStatic(app: App, { services, directory, docsDirectory }: WebOptions): void {
  // Each page is the same file, which reads the address itself.
  for (const page of webPages) {
    app.get(page, async (c) => (await file(path.join(directory, 'index.html'))) ?? c.notFound());
  }
  app.get('/checker.html', async (c) => {
    const response = await file(path.join(directory, 'checker.html'));
    // One file that needs nothing else. Its own policy, in the file, admits no script and no style
    // but those it names by digest; both policies hold.
    response?.headers.set('content-security-policy', checkerPolicy);
    return response ?? c.notFound();
  });
  app.get('/assets/:name', async (c) => {
    const name = c.req.param('name');
    if (!/^[A-Za-z0-9._-]+$/.test(name)) return c.notFound();
    const response = await file(path.join(directory, 'assets', name));
    response?.headers.set('cache-control', 'public, max-age=31536000, immutable');
    return response ?? c.notFound();
  });
  serveLog(app, services);
  serveDocs(app, docsDirectory);
}

const checkerPolicy =
  "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:; " +
  "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** The log as static files (C2SP tlog-tiles), and the keys it is checked with. */
function serveLog(app: App, services: Services): void {
  const { sequencer, signer, logOrigin } = services;
  app.get('/log/key', (c) => {
    const key = logVerifierKeys(signer, logOrigin).at(-1);
    return key === undefined ? c.notFound() : c.text(`${formatVerifierKey(key)}\n`);
  });
  app.get('/log/keys', (c) => c.text(logKeysText(signer, logOrigin)));
  app.get('/log/checkpoint', (c) => {
    const checkpoint = sequencer.checkpoint();
    if (checkpoint === null) return c.notFound();
    return new Response(new Uint8Array(checkpoint), {
      headers: { 'content-type': 'text/plain; charset=utf-8' },
    });
  });
  app.get('/log/tile/*', async (c) => {
    const bytes = await sequencer.fetchFile(c.req.path.slice('/log/'.length));
    if (bytes === null) return c.notFound();
    return new Response(new Uint8Array(bytes), {
      headers: {
        'content-type': 'application/octet-stream',
        'cache-control': 'public, max-age=31536000, immutable',
      },
    });
  });
  app.get('/keys/attestation', (c) =>
    c.json({
      keys: signer.publicKeys('attestation').map((key) => ({
        keyid: key.id,
        algorithm: 'ed25519',
        publicKey: Buffer.from(key.raw).toString('base64'),
        createdAt: key.createdAt,
        retiredAt: key.retiredAt,
      })),
    }),
  );
}

const docsFiles = ['swagger-ui.css', 'swagger-ui-bundle.js'];
const docsPolicy =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; " +
  "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** The API's documentation, from our own address. */
function serveDocs(app: App, directory: string): void {
  app.get('/docs', (c) => {
    c.header('content-security-policy', docsPolicy);
    return c.html(docsPage);
  });
  app.get('/docs/start.js', (c) =>
    c.body(docsScript, 200, { 'content-type': 'text/javascript; charset=utf-8' }),
  );
  app.get('/docs/:name', async (c) => {
    const name = c.req.param('name');
    const response = docsFiles.includes(name) ? await file(path.join(directory, name)) : null;
    return response ?? c.notFound();
  });
}

const docsPage = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Breakwater API</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/docs/swagger-ui.css">
</head>
<body>
<main id="docs"></main>
<script src="/docs/swagger-ui-bundle.js"></script>
<script src="/docs/start.js"></script>
</body>
</html>
`;

const docsScript = `SwaggerUIBundle({ url: '/openapi.json', dom_id: '#docs', deepLinking: true, validatorUrl: null });\n`;

async function file(name: string): Promise<Response | null> {
  try {
    const bytes = await readFile(name);
    const mediaType = mediaTypes[path.extname(name)] ?? 'application/octet-stream';
    return new Response(new Uint8Array(bytes), { headers: { 'content-type': mediaType } });
  } catch {
    return null;
  }
}
