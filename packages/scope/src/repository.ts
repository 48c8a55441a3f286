import { ok, type Result } from '@breakwater/kernel';
import { parseAddress } from './address.ts';
import { hostName } from './host.ts';
import { decoded, fileSegments } from './path.ts';
import { refusal } from './refusal.ts';
import { type RepositoryTarget, targetLengthMax } from './target.ts';

/** What is known about hosts of repositories; data, because it changes. */
export interface RepositoryFacts {
  /**
   * Repositories that moved: canonical text without a path (`repo:github.com/old/name`, or
   * `repo:github.com/old/*` for all of an owner) to the same of where it is now.
   */
  readonly renames?: ReadonlyMap<string, string>;
  /** Hosts besides the known ones that take owners and names in any case. */
  readonly foldingHosts?: ReadonlySet<string>;
}

/** Forges that serve a repository at `https://host/owner/name` and nothing else there. */
export const forges: ReadonlySet<string> = new Set([
  'github.com',
  'gitlab.com',
  'bitbucket.org',
  'codeberg.org',
]);

/** Other names of the same host: for SSH through the port of HTTPS, and out of habit. */
const sameHosts: ReadonlyMap<string, string> = new Map([
  ['www.github.com', 'github.com'],
  ['ssh.github.com', 'github.com'],
  ['www.gitlab.com', 'gitlab.com'],
  ['altssh.gitlab.com', 'gitlab.com'],
  ['www.bitbucket.org', 'bitbucket.org'],
  ['altssh.bitbucket.org', 'bitbucket.org'],
]);

/** npm's short forms. */
const shortForms: ReadonlyMap<string, string> = new Map([
  ['github', 'github.com'],
  ['gitlab', 'gitlab.com'],
  ['bitbucket', 'bitbucket.org'],
]);

/** Forges whose repositories lie at exactly two segments; elsewhere groups nest. */
const flatForges: ReadonlySet<string> = new Set(['github.com', 'bitbucket.org', 'codeberg.org']);

const httpPorts: ReadonlySet<string> = new Set(['', '80', '443']);

/** A repository and the commit its text names, if any. */
export interface RepositoryAndCommit {
  readonly target: RepositoryTarget;
  readonly commit: string | null;
}

interface Parts {
  readonly host: string;
  readonly path: string;
  readonly within: string;
  readonly commit: string | null;
}

const addressShape =
  /^(?:git\+)?(https?|ssh|git|file):\/\/(?:([^/@]*)@)?(\[[^\]]*\]|[^/:]*)(?::(\d{0,5}))?(?:\/([^?#]*))?(?:#(.*))?$/i;
const scpShape = /^[A-Za-z0-9._-]+@(\[[^\]]*\]|[^/:@]+):([^?#]*)(?:#(.*))?$/;
const canonicalShape = /^repo:([^/]+)\/([^?#]*)(?:#(.*))?$/;
const shortShape = /^(github|gitlab|bitbucket):([^?#:]+)(?:#(.*))?$/;
const commitShape = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/i;

/**
 * Parses a repository in any spelling: `repo:host/owner/name#path`, git's own addresses (git-clone(1):
 * https, http, ssh, git, the scp form), pip's and npm's `git+…` with a commit, npm's short forms.
 * `owner/*` stands for every repository of an owner.
 */
export function parseRepository(
  text: string,
  facts: RepositoryFacts = {},
): Result<RepositoryAndCommit, 'repository-malformed'> {
  const parts = partsOf(text);
  if (parts === null) return malformed(text);
  const target = repository(parts, facts);
  return target === null ? malformed(text) : ok({ target, commit: parts.commit });
}

/** All at once: what is left is written as the target's text, and must be read as the same again. */
const endings = /(?:\/|\/\.|\.git)+$/i;

/** The repository at a path of a host, after all renames; null where a part is no good. */
export function repository(
  parts: { readonly host: string; readonly path: string; readonly within: string },
  facts: RepositoryFacts,
): RepositoryTarget | null {
  const host = sameHosts.get(parts.host) ?? parts.host;
  const path = parts.path.replace(endings, '');
  const every = path.endsWith('/*');
  const segments = fileSegments(every ? path.slice(0, -2) : path);
  const within = fileSegments(parts.within);
  if (segments === null || within === null || segments.length === 0) return null;
  if (segments.includes('*') || (every && within.length > 0)) return null;
  if (forges.has(host) && !fitsForge(host, segments, every)) return null;
  const folds = forges.has(host) || facts.foldingHosts?.has(host) === true;
  const project = segments.join('/');
  const named = { host, project: folds ? project.toLowerCase() : project, every };
  const moved = renamed(named, facts.renames ?? new Map());
  const target = asTarget(moved, within);
  return target.lineage.length > targetLengthMax ? null : target;
}

interface Named {
  readonly host: string;
  readonly project: string;
  readonly every: boolean;
}

function asTarget(named: Named, within: readonly string[]): RepositoryTarget {
  const { host, project, every } = named;
  const text = textOf(named);
  const path = within.join('/');
  return {
    kind: 'repository',
    text: path === '' ? text : `${text}#${path}`,
    lineage: every
      ? `repo:${host}/${project}/`
      : `repo:${host}/${project}!${path === '' ? '' : `/${path}/`}`,
    host,
    project,
    every,
    path,
  };
}

function textOf({ host, project, every }: Named): string {
  return `repo:${host}/${project}${every ? '/*' : ''}`;
}

/** A forge has pages about a repository too: `/owner/name/issues` is no repository. */
function fitsForge(host: string, segments: readonly string[], every: boolean): boolean {
  const fewest = every ? 1 : 2;
  if (segments.includes('-')) return false;
  return flatForges.has(host) ? segments.length === fewest : segments.length >= fewest;
}

/** Where a repository is now. Moves in a circle give the first of their texts, whichever was asked. */
function renamed(named: Named, renames: ReadonlyMap<string, string>): Named {
  const seen = new Map<string, Named>();
  let current = named;
  while (!seen.has(textOf(current)) && seen.size < 32) {
    seen.set(textOf(current), current);
    const next = successor(current, renames);
    if (next === null) return current;
    current = next;
  }
  const texts = [...seen.keys()];
  const circle = texts.slice(Math.max(0, texts.indexOf(textOf(current))));
  return seen.get(circle.toSorted()[0] ?? '') ?? current;
}

function successor(named: Named, renames: ReadonlyMap<string, string>): Named | null {
  const exact = renames.get(textOf(named));
  if (exact !== undefined) return namedOf(exact);
  const cut = named.project.lastIndexOf('/');
  if (cut < 0) return null;
  const owner = namedOf(
    renames.get(textOf({ ...named, project: named.project.slice(0, cut), every: true })) ?? '',
  );
  if (owner === null || !owner.every) return null;
  const project = `${owner.project}/${named.project.slice(cut + 1)}`;
  return { host: owner.host, project, every: named.every };
}

function namedOf(text: string): Named | null {
  const [, host, project] = /^repo:([^/]+)\/([^#]+)$/.exec(text) ?? [];
  if (host === undefined || project === undefined) return null;
  const every = project.endsWith('/*');
  return { host, project: every ? project.slice(0, -2) : project, every };
}

function partsOf(text: string): Parts | null {
  const canonical = canonicalShape.exec(text);
  if (canonical !== null) return partsOfCanonical(canonical);
  const short = shortShape.exec(text);
  if (short !== null) {
    const host = shortForms.get(short[1] ?? '') ?? '';
    return withFragment({ host, path: short[2] ?? '' }, short[3]);
  }
  const scp = text.includes('://') ? null : scpShape.exec(text);
  if (scp !== null) {
    const host = hostOf(scp[1] ?? '');
    return host === null ? null : withFragment({ host, path: scp[2] ?? '' }, scp[3]);
  }
  return partsOfAddress(text);
}

function partsOfCanonical(found: RegExpExecArray): Parts | null {
  const [, authority = '', path = '', within = ''] = found;
  const [, name = '', port] = /^(.*?)(?::(\d{1,5}))?$/.exec(authority) ?? [];
  const host = hostOf(name);
  const [plainPath, plainWithin] = [decoded(path), decoded(within)];
  if (host === null || plainPath === null || plainWithin === null) return null;
  const place = withPort(host, port ?? '');
  return { host: place, path: plainPath, within: plainWithin, commit: null };
}

function partsOfAddress(text: string): Parts | null {
  const [, scheme, user, authority = '', port = '', path, fragment] = addressShape.exec(text) ?? [];
  if (scheme === undefined || path === undefined || scheme.toLowerCase() === 'file') return null;
  const isWeb = /^https?$/i.test(scheme);
  // A password, or any user over HTTP, is a secret that came along by mistake.
  if (user !== undefined && (isWeb || user.includes(':'))) return null;
  const host = hostOf(authority);
  const plain = decoded(path);
  if (host === null || plain === null) return null;
  // The port of SSH says nothing of where the same repository is served otherwise.
  return withFragment({ host: isWeb ? withPort(host, port) : host, path: plain }, fragment);
}

/** `@commit` behind the path as pip writes it, `#commit` as npm does; other names move on. */
function withFragment(
  place: { readonly host: string; readonly path: string },
  fragment: string | undefined,
): Parts | null {
  const [, path = '', behind] = /^(.*?)(?:@([^/@]*))?$/.exec(place.path) ?? [];
  const commit = behind ?? fragment ?? null;
  if (commit === null) return { ...place, within: '', commit: null };
  if (!commitShape.test(commit) || (behind !== undefined && fragment !== undefined)) return null;
  return { host: place.host, path, within: '', commit: commit.toLowerCase() };
}

function withPort(host: string, port: string): string {
  return httpPorts.has(port) ? host : `${host}:${Number(port)}`;
}

function hostOf(text: string): string | null {
  const address = parseAddress(text.replace(/^\[(.*)\]$/, '$1'));
  if (address !== null) return text.includes(':') ? null : text;
  const name = hostName(text);
  return name?.includes('.') === true ? name : null;
}

function malformed(text: string) {
  return refusal('repository-malformed', text, {
    expected: 'a repository such as https://github.com/curl/curl or git@example.org:o/n.git',
    todo: 'name the repository itself, without password, branch or tag; a path in it follows `#`: repo:github.com/curl/curl#lib',
  });
}
