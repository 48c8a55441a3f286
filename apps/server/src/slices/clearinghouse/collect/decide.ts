import type { FindingSubmission } from '@breakwater/contract';
import {
  type Crash,
  type IdentityKey,
  identityKeys,
  weaknessOfCrash,
} from '@breakwater/correlation';
import { type Digest, type Id, ok, type Refusal, type Result, refuse } from '@breakwater/kernel';
import type { PrecheckKey } from '@breakwater/precheck';

/** What a submission says once it has been read; kept as content, not in rows. */
export interface FindingFacts {
  readonly crash: CrashFacts | null;
  readonly description: string | null;
  readonly location: {
    readonly path: string;
    readonly function?: string;
    readonly line?: number;
  } | null;
  readonly weakness: string | null;
  readonly identifiers: readonly string[];
  readonly cvss: string | null;
  /** What came in, verbatim: content ids with the digests people compare. */
  readonly files: readonly FindingFile[];
  /** By what a pre-check finds it; absent where it was kept before there was one. */
  readonly precheck?: readonly PrecheckKey[];
  /** The whole report it came in, which tells of others too: for its reporter and coordinators. */
  readonly report?: FindingFile;
}

export interface FindingFile {
  readonly name: string;
  readonly content: Id<'content'>;
  readonly size: number;
  readonly sha256: Digest;
}

export interface CrashFacts {
  readonly type: string;
  readonly security: boolean;
  readonly state: readonly string[];
  readonly frames: readonly {
    readonly function: string;
    readonly file: string | null;
    readonly line: number | null;
  }[];
}

export interface Read {
  readonly facts: Omit<FindingFacts, 'files' | 'precheck' | 'report'>;
  readonly keys: readonly IdentityKey[];
}

/** What the decision needs to know of the world. */
export interface SubmissionFacts {
  /** The crash read out of the report, for a crash submission. */
  readonly crash: Result<Crash> | null;
  /** Package of the named recipe; null where there is no recipe of that name. */
  readonly recipePackage: string | null;
  /** Canonical form of the submitted package URL; null where it cannot be read. */
  readonly package: string | null;
  readonly cvssValid: boolean;
  /** By what its tool knows it again, with the tool and the rule; null: by nothing. */
  readonly fingerprint?: string | null;
}

/**
 * Accepts a finding or says what is wrong with it.
 *
 * A report that cannot be read is refused rather than kept half-understood: the submitter is still
 * there to mend it.
 */
export function decideSubmission(
  submission: FindingSubmission,
  world: SubmissionFacts,
): Result<Read> {
  if (world.package === null) return refuse(packageMalformed(submission.package));
  if (submission.recipe !== undefined && world.recipePackage === null) {
    return refuse(recipeUnknown(submission.recipe));
  }
  if (world.recipePackage !== null && world.recipePackage !== world.package) {
    return refuse(recipeOfAnother(world.recipePackage, world.package));
  }
  if (!world.cvssValid) return refuse(cvssMalformed);
  if (world.crash !== null && !world.crash.ok) {
    return refuse({ ...world.crash.refusal, code: 'report-unreadable', pointer: '/report' });
  }
  const crash = world.crash?.ok ? world.crash.value : null;
  const written = submission.kind === 'native' ? submission : null;
  const facts = {
    crash: crash === null ? null : crashFacts(crash),
    description: written?.description ?? null,
    location: written?.location === undefined ? null : placeOf(written.location),
    weakness: crash === null ? (written?.weakness ?? null) : weaknessOfCrash(crash.type),
    identifiers: written?.identifiers ?? [],
    cvss: written?.cvss ?? null,
  };
  const keys = identityKeys({
    package: world.package,
    identifiers: facts.identifiers,
    ...(crash === null ? {} : { crash }),
    ...(facts.weakness === null ? {} : { weakness: facts.weakness }),
    ...(facts.location === null ? {} : { location: facts.location }),
    ...(world.fingerprint == null ? {} : { fingerprint: world.fingerprint }),
  });
  return ok({ facts, keys });
}

function placeOf(location: {
  path: string;
  function?: string | undefined;
  line?: number | undefined;
}) {
  return {
    path: location.path,
    ...(location.function === undefined ? {} : { function: location.function }),
    ...(location.line === undefined ? {} : { line: location.line }),
  };
}

function crashFacts(crash: Crash): CrashFacts {
  return {
    type: crash.type,
    security: crash.security,
    state: crash.state,
    frames: crash.frames.map((frame) => ({
      function: frame.function ?? '(no symbol)',
      file: frame.file ?? null,
      line: frame.line ?? null,
    })),
  };
}

function packageMalformed(got: string): Refusal {
  return {
    code: 'package-malformed',
    expected: 'a package URL without version, such as pkg:deb/debian/cjson or pkg:npm/ini',
    got: JSON.stringify(got.slice(0, 100)),
    todo: 'name the package by its package URL (purl-spec)',
    pointer: '/package',
  };
}

function recipeUnknown(name: string): Refusal {
  return {
    code: 'recipe-unknown',
    expected: 'the name of a recipe that is here',
    got: JSON.stringify(name),
    todo: 'list the recipes, or leave the field out: the finding is then kept but not reproduced',
    pointer: '/recipe',
  };
}

function recipeOfAnother(theirs: string, ours: string): Refusal {
  return {
    code: 'recipe-unknown',
    expected: `a recipe for ${ours}`,
    got: `one for ${theirs}`,
    todo: 'name the package that the recipe builds',
    pointer: '/recipe',
  };
}

const cvssMalformed: Refusal = {
  code: 'cvss-malformed',
  expected: 'a complete CVSS 3.0, 3.1 or 4.0 vector',
  got: 'another text',
  todo: 'copy the whole vector, beginning with CVSS:',
  pointer: '/cvss',
};
