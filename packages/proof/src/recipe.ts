import { ok, pointerToken, type Result, refuse } from '@breakwater/kernel';
import { z } from 'zod';
import { RecipeFolder, RecipePath } from './recipe-path.ts';
import { Name, RecipeSource } from './recipe-source.ts';

/** The largest `recipe.json` that is read. */
export const recipeBytesMax = 64 * 1024;

const oneLine = (max: number) =>
  z
    .string()
    .min(1)
    .max(max)
    .regex(/^\P{Cc}*$/u, 'one line without control characters');
const Unpack = z.strictObject({
  source: Name,
  to: RecipeFolder.default('.'),
  strip: z.int().min(0).max(8).default(1),
  member: RecipePath.optional(),
  as: z.enum(['tree', 'go-proxy']).default('tree'),
});
export type Unpack = z.infer<typeof Unpack>;
const Patch = z.union([
  z.strictObject({ source: Name, path: RecipePath }),
  z.strictObject({ file: RecipePath }),
]);

/** One build of the target: which archives, unpacked where, with which patches applied. */
export const Build = z.strictObject({
  version: oneLine(100),
  unpack: z.array(Unpack).min(1).max(32),
  patches: z.array(Patch).max(64).default([]),
});
export type Build = z.infer<typeof Build>;

const signalName = /^SIG[A-Z0-9]{2,10}$/;

/** One condition on a run. A recipe lists one or more; a proof fires when all of them hold. */
export const Criterion = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('sanitizer'), signature: oneLine(1000).optional() }),
  z.strictObject({
    kind: z.literal('signal'),
    signals: z.array(z.string().regex(signalName, 'a signal name like SIGSEGV')).min(1).max(16),
  }),
  z.strictObject({ kind: z.literal('exit'), code: z.int().min(0).max(255) }),
  z.strictObject({
    kind: z.literal('output'),
    stream: z.enum(['stdout', 'stderr', 'either']).default('either'),
    contains: oneLine(500),
  }),
  z.strictObject({ kind: z.literal('file-changed'), file: RecipePath, original: RecipePath }),
]);
export type Criterion = z.infer<typeof Criterion>;

const Lines = z.array(oneLine(2000)).min(1).max(200);
const environmentKey = z.string().regex(/^[A-Z][A-Z0-9_]{0,63}$/, 'an environment variable name');

const Run = z.strictObject({
  argv: z.array(oneLine(500)).min(1).max(64),
  env: z.record(environmentKey, oneLine(500)).default({}),
  stdin: z.enum(['none', 'proof']).default('none'),
  name: RecipePath.refine((path) => !path.includes('/'), 'a plain file name').default('proof'),
});

const Benign = z.strictObject({
  file: RecipePath,
  exit: z.int().min(0).max(255).default(0),
  contains: oneLine(500).optional(),
});

/** The owner's tests: how to build and run them, and how one that passed shows. */
export const Tests = z.strictObject({
  script: Lines,
  paths: z.array(RecipePath).max(32).default([]),
  passedLine: oneLine(100),
});
export type Tests = z.infer<typeof Tests>;

const Tools = z
  .array(z.enum(['gcc', 'g++', 'clang', 'make', 'cmake', 'node', 'python3', 'go']))
  .max(8)
  .default([]);

/** One time-boxed libFuzzer campaign on the vulnerable build's source. */
export const Campaign = z.strictObject({
  tools: Tools,
  script: Lines,
  program: RecipePath,
  seeds: RecipePath.optional(),
  arguments: z.array(oneLine(100)).max(32).default([]),
  secondsMax: z.int().min(1).max(3600).default(60),
});
export type Campaign = z.infer<typeof Campaign>;

const bounds = (wallMs: number, memoryMiB: number, processesMax: number, scratchMiB: number) =>
  z
    .strictObject({
      wallMs: z.int().min(100).max(3_600_000).default(wallMs),
      memoryMiB: z.int().min(16).max(16_384).default(memoryMiB),
      processesMax: z.int().min(1).max(4096).default(processesMax),
      fileMiB: z.int().min(1).max(4096).default(256),
      scratchMiB: z.int().min(1).max(8192).default(scratchMiB),
      outputKiB: z.int().min(1).max(65_536).default(1024),
    })
    .prefault({});

const Limits = z
  .strictObject({
    build: bounds(180_000, 2048, 256, 512),
    run: bounds(10_000, 1024, 64, 64),
    tests: bounds(180_000, 2048, 256, 512),
  })
  .prefault({});

/**
 * How to obtain, build and run one target, and what it means that a proof fires.
 *
 * The written form is documented field by field in docs/recipes.md.
 */
export const Recipe = z
  .strictObject({
    recipe: z.literal(1),
    title: oneLine(200),
    package: z
      .string()
      .max(300)
      .regex(/^pkg:[a-z][a-z0-9.+-]*\/[^\s@?#]+$/, 'a purl, no version'),
    identifiers: z.array(oneLine(60)).max(16).default([]),
    sources: z.record(Name, RecipeSource),
    tools: Tools,
    builds: z.strictObject({ vulnerable: Build, control: Build }),
    script: Lines,
    programs: z.array(RecipePath).max(32).default([]),
    run: Run,
    success: z.array(Criterion).min(1).max(8),
    benign: Benign,
    tests: Tests.optional(),
    campaign: Campaign.optional(),
    limits: Limits,
  })
  .superRefine((recipe, context) => {
    for (const [buildName, build] of Object.entries(recipe.builds)) {
      const issue = (message: string) =>
        context.addIssue({ code: 'custom', path: ['builds', buildName], message });
      const named = [...build.unpack, ...build.patches.filter((patch) => 'source' in patch)];
      for (const { source } of named) {
        if (Object.hasOwn(recipe.sources, source)) continue;
        issue(`every source to be named under "sources", which has no "${source}"`);
      }
      for (const { source, member, as } of build.unpack) {
        const kind = recipe.sources[source]?.kind;
        if (as === 'go-proxy' && kind !== 'go') issue('"as": "go-proxy" only for a Go module');
        if (member !== undefined && (kind === 'npm-lock' || as === 'go-proxy')) {
          issue('"member" only for an archive that is unpacked as a tree');
        }
      }
    }
    if (recipe.run.stdin === 'none' && !recipe.run.argv.some((word) => word.includes('@@'))) {
      context.addIssue({
        code: 'custom',
        path: ['run', 'argv'],
        message: '"@@" where the path of the proof goes, or "stdin": "proof"',
      });
    }
  });
export type Recipe = z.infer<typeof Recipe>;
export type Limits = Recipe['limits'];

export type RecipeRefusal = 'recipe-too-large' | 'recipe-not-json' | 'recipe-malformed';

/**
 * Parses the text of a `recipe.json` (docs/recipes.md) with every default filled in.
 *
 * Refuses what is over {@link recipeBytesMax}, not JSON, or of another shape; the first fault is
 * named with its JSON pointer. Nothing is fetched or looked up.
 */
export function parseRecipe(text: string): Result<Recipe, RecipeRefusal> {
  if (text.length > recipeBytesMax) {
    return refuse({
      code: 'recipe-too-large',
      expected: `a recipe of at most ${recipeBytesMax} characters`,
      got: `${text.length} characters`,
      todo: 'move long scripts and inputs into side files of the recipe folder',
    });
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return refuse({
      code: 'recipe-not-json',
      expected: 'a JSON object',
      got: 'text that is not JSON',
      todo: 'check the file with a JSON formatter',
    });
  }
  const parsed = Recipe.safeParse(value);
  return parsed.success ? ok(parsed.data) : refuse(firstFault(parsed.error));
}

/** A name from the recipe may be as long as the recipe. */
const gotMax = 500;

function firstFault(error: z.ZodError) {
  const issue = error.issues[0];
  const pointer = (issue?.path ?? []).map((part) => `/${pointerToken(String(part))}`).join('');
  return {
    code: 'recipe-malformed' as const,
    expected: 'a recipe as docs/recipes.md describes it',
    got: `${pointer || 'the whole'}: ${issue?.message ?? 'another shape'}`.slice(0, gotMax),
    todo: 'correct that field; every field is described in docs/recipes.md',
    pointer,
  };
}
