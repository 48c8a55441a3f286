import { arch } from 'node:os';
import { ok, type Result, refuse } from '@breakwater/kernel';
import type { Recipe } from '@breakwater/proof';
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
};

/** Finds a recipe's tools and their versions, which are part of what names a build. */
export async function findToolchain(
  tools: readonly Tool[],
): Promise<Result<Toolchain, 'tool-missing'>> {
  const found: Record<string, string> = { machine: arch() };
  for (const tool of tools) {
    if (tool === 'node') {
      found[tool] = process.version;
      continue;
    }
    const run = await runTool([`/usr/bin/${tool}`, '--version'], { cwd: '/' });
    if (!run.ok) {
      return refuse({
        code: 'tool-missing',
        expected: `the recipe's tool ${tool}`,
        got: 'it is not installed',
        todo: `apt-get install ${packageOf[tool]}`,
      });
    }
    found[tool] = run.stdout.split('\n')[0] ?? '';
  }
  return ok(found);
}
