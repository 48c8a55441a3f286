import { existsSync } from 'node:fs';
import { realpath, stat } from 'node:fs/promises';
import { arch } from 'node:os';
import { ok, type Result, refuse } from '@breakwater/kernel';
import type { Recipe, Source } from '@breakwater/proof';
import { runTool } from '../fetch/tool.ts';

export type Tool = Recipe['tools'][number];

/** Name of each tool, with the first line it prints about its version. */
export type Toolchain = Readonly<Record<string, string>>;

const packageOf: Record<Tool, string> = {
  gcc: 'gcc',
  'g++': 'g++',
  clang: 'clang llvm libclang-rt-14-dev',
  make: 'make',
  cmake: 'cmake',
  node: 'nodejs',
  python3: 'python3',
  go: 'golang-go',
};

/**
 * Finds the tools asked for and their versions, which are part of what names a build, and what
 * unpacking and patching need.
 */
export async function findToolchain(
  tools: readonly Tool[],
  sources: readonly Source[],
): Promise<Result<Toolchain, 'tool-missing'>> {
  const lacking = unpackers(sources).find((name) => !existsSync(`/usr/bin/${name}`));
  if (lacking !== undefined) return missing(lacking, lacking === 'xz' ? 'xz-utils' : lacking);
  const found: Record<string, string> = { machine: arch() };
  for (const tool of tools) {
    if (tool === 'node') {
      found[tool] = process.version;
      continue;
    }
    const version = await versionOf(tool);
    if (version === null) return missing(tool, packageOf[tool]);
    found[tool] = version;
  }
  return ok(found);
}

/** What was asked of programs before, by what they are: a program that is replaced is asked anew. */
const versions = new Map<string, string>();

async function versionOf(tool: Exclude<Tool, 'node'>): Promise<string | null> {
  const path = await realpath(`/usr/bin/${tool}`).catch(() => null);
  if (path === null) return null;
  const { ctimeMs, ino, size } = await stat(path);
  const identity = `${tool} ${path} ${ino} ${size} ${ctimeMs}`;
  const known = versions.get(identity);
  if (known !== undefined) return known;
  const ask = tool === 'go' ? 'version' : '--version';
  const run = await runTool([`/usr/bin/${tool}`, ask], { cwd: '/' });
  if (!run.ok) return null;
  const version = run.stdout.split('\n')[0] ?? '';
  versions.set(identity, version);
  return version;
}

/** The programs that the prepared script itself calls inside the sandbox. */
function unpackers(sources: readonly Source[]): string[] {
  const files = sources.map((source) => ('file' in source ? source.file : ''));
  return [
    ...['tar', 'gzip', 'patch'],
    ...(files.some((file) => file.endsWith('.xz')) ? ['xz'] : []),
    ...(files.some((file) => file.endsWith('.deb')) ? ['dpkg-deb'] : []),
    ...(sources.some(({ kind }) => kind === 'pypi' || kind === 'go') ? ['unzip'] : []),
  ];
}

function missing(tool: string, packages: string) {
  return refuse({
    code: 'tool-missing' as const,
    expected: `${tool}, which the recipe needs`,
    got: 'it is not installed',
    todo: `apt-get install ${packages}`,
  });
}
