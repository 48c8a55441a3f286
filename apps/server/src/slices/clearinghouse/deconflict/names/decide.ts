import { ok, type Result, refuse } from '@breakwater/kernel';
import { parseTarget, type Rename, type RepositoryTarget } from '@breakwater/scope';

/** More than anybody looks through; each costs every claim on a repository a comparison. */
export const renamesMax = 2_000;

/** A whole repository, or all of an owner's, as it is kept. */
export function repositoryText({ host, project, every }: RepositoryTarget): string {
  return `repo:${host}/${project}${every ? '/*' : ''}`;
}

/** The repository that a request names, whole. */
export function readRepository(
  text: string,
  pointer: string,
): Result<RepositoryTarget, 'target-malformed' | 'not-a-repository'> {
  const target = parseTarget(text);
  if (!target.ok) return refuse({ ...target.refusal, code: 'target-malformed', pointer });
  const { value } = target;
  if (value.kind === 'repository' && value.path === '') return ok(value);
  return refuse({
    code: 'not-a-repository',
    expected: 'a whole repository, or all of an owner’s',
    got: value.text.slice(0, 200),
    todo: 'write such as github.com/curl/curl or repo:github.com/curl/*',
    pointer,
  });
}

/** Whether a rename may be kept beside those that stand. */
export function decideRename(
  { from, to }: Rename,
  standing: readonly { readonly from_target: string }[],
): Result<null, 'not-a-repository' | 'already-renamed' | 'too-many-renames'> {
  if (from.lineage === to.lineage || from.every !== to.every) return refuse(notTwo);
  const name = repositoryText(from);
  if (standing.some((row) => row.from_target === name)) return refuse(alreadyRenamed);
  return standing.length >= renamesMax ? refuse(tooManyRenames) : ok(null);
}

const notTwo = {
  code: 'not-a-repository',
  expected: 'two names of one repository, or two of one owner (`…/*`)',
  got: 'one name, or a repository and an owner',
  todo: 'name what it was called and what it is called now, both whole',
  pointer: '/to',
} as const;
const alreadyRenamed = {
  code: 'already-renamed',
  expected: 'a name of which no rename stands',
  got: 'one that is known to be called otherwise',
  todo: 'withdraw what stands, or rename the name it has now',
  pointer: '/from',
} as const;
const tooManyRenames = {
  code: 'too-many-renames',
  expected: `at most ${renamesMax} renames that stand`,
  got: 'one more',
  todo: 'rename all of an owner’s at once, or withdraw what nobody asks for any more',
} as const;

/** Said where no rename of a name stands. */
export const notRenamed = {
  code: 'not-renamed',
  expected: 'a name of which a rename stands',
  got: 'another one',
  todo: 'look which stand: GET /v1/repository-facts',
  pointer: '/from',
} as const;
