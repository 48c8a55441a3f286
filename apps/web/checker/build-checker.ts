import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

const here = import.meta.dirname;

/** The checker as one HTML file that needs nothing else, and its SHA-256 in hex. */
export interface Checker {
  readonly html: string;
  readonly sha256: string;
}

/**
 * Builds the checker. Deterministic: the same sources and lock file give the same bytes on every
 * machine, so that anyone can rebuild it and compare. Not minified: whoever relies on it may read it.
 */
export async function buildChecker(): Promise<Checker> {
  const script = `\n${await bundle()}\n`;
  const style = `\n${(await readFile(join(here, 'checker.css'), 'utf8')).trim()}\n`;
  const csp = [
    "default-src 'none'",
    `script-src '${hashSource(script)}'`,
    `style-src '${hashSource(style)}'`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  const page = await readFile(join(here, 'checker.html'), 'utf8');
  const values: Record<string, string> = { csp, style, script };
  // A function as the replacement: in a string, $& in the script would be expanded.
  const html = page.replace(
    /\n? *\/\*(csp|style|script)\*\/\n? */g,
    (_, name: string) => values[name] ?? '',
  );
  return { html, sha256: createHash('sha256').update(html).digest('hex') };
}

async function bundle(): Promise<string> {
  const { build } = await import('vite');
  const built = await build({
    configFile: false,
    root: here,
    logLevel: 'warn',
    publicDir: false,
    define: { 'process.env.NODE_ENV': '"production"' },
    build: {
      write: false,
      target: 'es2023',
      minify: false,
      modulePreload: false,
      rolldownOptions: {
        input: join(here, 'main.ts'),
        output: { format: 'iife' },
        // Region comments would name paths relative to where the build was started.
        experimental: { attachDebugInfo: 'none' },
      },
    },
  });
  const outputs = (Array.isArray(built) ? built : [built]).flatMap((one) =>
    'output' in one ? one.output : [],
  );
  const [chunk, ...others] = outputs;
  if (chunk?.type !== 'chunk' || others.length > 0) {
    throw new Error(`expected one script for the checker, got ${outputs.length} files`);
  }
  const script = chunk.code.trim();
  // Inside <script> only these two sequences could end or confuse it (HTML, 4.12.1.3).
  if (/<\/script|<!--/i.test(script)) throw new Error('the checker’s script would end its element');
  return script;
}

function hashSource(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}
