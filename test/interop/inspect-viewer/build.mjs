// Brings a page and the viewer of npm together, as the viewer's README asks of whoever embeds it.
import { createRequire } from 'node:module';
import path from 'node:path';

// Text, because what it imports is only there once it is installed.
const page = `
import { App, clientApi, initializeStore, simpleHttpApi } from '@metrevals/inspect-log-viewer';
import '@metrevals/inspect-log-viewer/styles/index.css';
import { createElement } from 'react';
import { createRoot } from 'react-dom/client';

const api = clientApi(simpleHttpApi('logs'));
initializeStore(api, {
  downloadFiles: false,
  downloadLogs: false,
  webWorkers: false,
  streamSamples: false,
  streamSampleData: false,
});
createRoot(document.getElementById('app')).render(createElement(App, { api }));
`;

const [folder = ''] = process.argv.slice(2);
const { build } = createRequire(path.join(folder, 'package.json'))('esbuild');
// Its libraries bring an older React of their own; a page has one.
const own = path.join(folder, 'node_modules/@metrevals/inspect-log-viewer/node_modules');
await build({
  stdin: { contents: page, resolveDir: folder },
  outfile: path.join(folder, 'site/page.js'),
  bundle: true,
  format: 'esm',
  loader: { '.woff': 'dataurl', '.woff2': 'dataurl' },
  alias: { react: path.join(own, 'react'), 'react-dom': path.join(own, 'react-dom') },
  define: { 'process.env.NODE_ENV': '"production"' },
  logLevel: 'error',
});
