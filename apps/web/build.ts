import { createHash } from 'node:crypto';
import { access, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';

import { patterns } from './src/app/paths.ts';

const here = import.meta.dirname;

/** Paths the server answers with index.html, in the form of its router: `/cases/:case`. */
export const webPages: readonly string[] = Object.values(patterns).map((pattern) =>
  pattern.replaceAll('$', ':'),
);
const repository = join(here, '../..');

/** What the web client is made of; a change in any of it makes a new build. */
const sources = [
  'apps/web/build.ts',
  'apps/web/index.html',
  'apps/web/src',
  'apps/web/checker',
  'packages/contract/src',
  'packages/kernel/src',
  'packages/log/src',
  'packages/meter/src',
  'packages/scope/src',
  'packages/versions/src',
  'packages/benchmark/src',
  'packages/statistics/src',
  'packages/formats/src/eval-log',
  'packages/formats/src/json',
  'packages/formats/src/cwe',
  'packages/formats/src/purl',
  'package-lock.json',
];

/** Headers of the pages the server sends; the checker carries its own policy in its first lines. */
export const webContentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "font-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

export interface WebBuild {
  /** Holds index.html, checker.html and assets/ (names with content hashes). */
  readonly directory: string;
  /** SHA-256 of checker.html in hex. */
  readonly checkerSha256: string;
}

interface BuildOptions {
  /** Told one line when a build starts and one when it ends; silent when nothing changed. */
  readonly log?: (line: string) => void;
  /** Where builds are kept; `apps/web/dist` unless told. */
  readonly distDirectory?: string;
}

/**
 * The web client, built if its sources or the lock file changed since the last build. The build
 * appears whole or not at all: it is made beside and renamed. Any number of processes may call it
 * at once. Throws what the file system or the bundler throws.
 */
export async function ensureWebBuilt(options: BuildOptions = {}): Promise<WebBuild> {
  const dist = options.distDirectory ?? join(here, 'dist');
  const directory = join(dist, await digestOfSources());
  const log = options.log ?? (() => {});
  if (!(await exists(join(directory, 'index.html')))) {
    log('building the web client');
    await mkdir(dist, { recursive: true });
    const draft = join(dist, `draft-${process.pid}-${Date.now()}`);
    await buildInto(draft);
    await putInPlace(draft, directory);
    await forgetOldBuilds(dist);
    log('the web client is built');
  }
  const checkerSha256 = createHash('sha256')
    .update(await readFile(join(directory, 'checker.html')))
    .digest('hex');
  return { directory, checkerSha256 };
}

async function buildInto(directory: string): Promise<void> {
  // Loaded only when needed: the bundler costs half a second that a warm start does not have.
  const [{ build }, { default: tailwind }, { buildChecker }] = await Promise.all([
    import('vite'),
    import('@tailwindcss/vite'),
    import('./checker/build-checker.ts'),
  ]);
  const checker = await buildChecker();
  await build({
    configFile: false,
    root: here,
    logLevel: 'warn',
    // Its own optimizer would rewrite light-dark() for browsers older than ours; Vite's does not.
    plugins: [tailwind({ optimize: false })],
    resolve: {
      // Radix's scroll lock writes a style element, which our policy forbids; ours sets a class.
      alias: { 'react-remove-scroll': join(here, 'src/ui/still-page.tsx') },
    },
    // Whoever builds first builds for all: a test's NODE_ENV must not choose React's slow build.
    oxc: { jsx: { runtime: 'automatic', development: false } },
    define: {
      __CHECKER_SHA256__: JSON.stringify(checker.sha256),
      'process.env.NODE_ENV': '"production"',
    },
    build: {
      outDir: directory,
      emptyOutDir: false,
      // light-dark() must reach the browser as written: a rewrite would not follow the toggle.
      target: 'es2023',
      cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
      // A data: URL would be outside img-src in a stricter policy and is no smaller.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      // The one large chunk is the first screen's; bench/web.ts holds it to its limit.
      chunkSizeWarningLimit: 700,
      rolldownOptions: {
        output: {
          codeSplitting: {
            // Zod and what silences it arrive as one, so that no schema is made before it is silent.
            groups: [{ name: 'zod', test: /[\\/]node_modules[\\/]zod[\\/]|quiet-zod/ }],
          },
        },
        // "use client" is a word to servers that render; this bundle has none.
        onLog: (level, log, tell) => {
          if (log.code !== 'MODULE_LEVEL_DIRECTIVE') tell(level, log);
        },
      },
    },
  });
  await writeFile(join(directory, 'checker.html'), checker.html);
}

/** Makes the draft the build; if another process was faster, its equal build stands. */
async function putInPlace(draft: string, directory: string): Promise<void> {
  try {
    await rename(draft, directory);
  } catch (cause) {
    await rm(draft, { recursive: true, force: true });
    if (!(await exists(join(directory, 'index.html')))) throw cause;
  }
}

/** Builds kept: a server that still runs serves an older one from here. */
const buildsKept = 3;

async function forgetOldBuilds(dist: string): Promise<void> {
  const names = (await readdir(dist)).filter((name) => /^[0-9a-f]{32}$/.test(name));
  const ages = await Promise.all(
    names.map(async (name) => {
      // Another process may forget the same build at the same moment.
      const found = await stat(join(dist, name)).catch(() => null);
      return { name, at: found?.mtimeMs ?? 0 };
    }),
  );
  const old = ages.toSorted((a, b) => b.at - a.at).slice(buildsKept);
  await Promise.all(old.map(({ name }) => rm(join(dist, name), { recursive: true, force: true })));
}

async function digestOfSources(): Promise<string> {
  const files = (
    await Promise.all(sources.map((path) => filesUnder(join(repository, path))))
  ).flat();
  const hash = createHash('sha256');
  const contents = await Promise.all(files.map((file) => readFile(file)));
  for (const [at, file] of files.entries()) {
    const bytes = contents[at] ?? new Uint8Array();
    // The length keeps "ab" + "c" apart from "a" + "bc".
    hash.update(`${relative(repository, file)}\n${bytes.length}\n`).update(bytes);
  }
  return hash.digest('hex').slice(0, 32);
}

async function filesUnder(path: string): Promise<string[]> {
  const entries = await readdir(path, { withFileTypes: true, recursive: true }).catch(() => null);
  if (entries === null) return [path];
  return entries
    .filter((entry) => entry.isFile() && !entry.name.includes('.test.'))
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted();
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
