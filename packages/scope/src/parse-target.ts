import { ok, type Result } from '@breakwater/kernel';
import { parseHost } from './host.ts';
import { parseNetwork } from './network.ts';
import { parsePackage } from './package.ts';
import { parseProduct, product } from './product.ts';
import { refusal } from './refusal.ts';
import { forges, parseRepository, type RepositoryFacts } from './repository.ts';
import { type Target, type TargetKind, type TargetRefusal, targetLengthMax } from './target.ts';
import { parseUrlPrefix } from './url-prefix.ts';

/** A target whose kind is said, where its text alone would be read as another. */
export type TargetInput =
  | string
  | { readonly kind: TargetKind; readonly text: string }
  | { readonly kind: 'product'; readonly vendor: string; readonly name: string };

/** A target and the versions its text names besides. */
export interface TargetAndRevision {
  readonly target: Target;
  /** A version, a commit, or null. */
  readonly revision: string | null;
  /** A range from a package URL's qualifier `vers`, or null. */
  readonly vers: string | null;
}

/**
 * Parses a target as people write it. In: text, or an object with `kind` where the text alone is
 * open to two readings (an address of a forge names a repository there unless `kind` is `url`).
 *
 * Refused: what is no target, and text that names a version too (`target-with-version`): a target is
 * a place, versions stand beside it; `parsePlace` reads both.
 */
export function parseTarget(
  input: TargetInput,
  facts: RepositoryFacts = {},
): Result<Target, TargetRefusal> {
  const parsed = parseTargetAndRevision(input, facts);
  if (!parsed.ok) return parsed;
  const { target, revision, vers } = parsed.value;
  if (revision === null && vers === null) return ok(target);
  return refusal('target-with-version', typeof input === 'string' ? input : target.text, {
    expected: 'a place without versions',
    todo: `write ${target.text.slice(0, 300)} and give the versions beside it`,
  });
}

/** Parses a target and the version, range or commit that its text names besides. */
export function parseTargetAndRevision(
  input: TargetInput,
  facts: RepositoryFacts = {},
): Result<TargetAndRevision, TargetRefusal> {
  if (typeof input === 'object' && 'vendor' in input) {
    const target = product(input.vendor.slice(0, 500), input.name.slice(0, 500));
    return target === null ? parsed('product', '', facts) : plain(target);
  }
  const text = withScheme((typeof input === 'string' ? input : input.text).trim());
  if (text === '' || text.length > targetLengthMax) return unknown(text);
  if (typeof input !== 'string') return parsed(input.kind, text, facts);
  const kind = kindOf(text);
  if (kind === null) return unknown(text);
  const found = parsed(kind, text, facts);
  // `x.git/.` too is where git clones from, which shows once the dots are gone.
  return found.ok &&
    found.value.target.kind === 'url' &&
    isRepositoryAddress(found.value.target.text)
    ? parsed('repository', found.value.target.text, facts)
    : found;
}

function parsed(
  kind: TargetKind,
  text: string,
  facts: RepositoryFacts,
): Result<TargetAndRevision, TargetRefusal> {
  switch (kind) {
    case 'package': {
      const found = parsePackage(text, facts);
      if (!found.ok) return found;
      const { target, version, vers } = found.value;
      return ok({ target, revision: version, vers });
    }
    case 'repository': {
      const found = parseRepository(text, facts);
      if (!found.ok) return found;
      return ok({ target: found.value.target, revision: found.value.commit, vers: null });
    }
    case 'product': {
      const found = parseProduct(text);
      if (!found.ok) return found;
      return ok({ target: found.value.target, revision: found.value.version, vers: null });
    }
    case 'host': {
      const found = parseHost(text);
      return found.ok ? plain(found.value) : found;
    }
    case 'network': {
      const found = parseNetwork(text);
      return found.ok ? plain(found.value) : found;
    }
    case 'url': {
      const found = parseUrlPrefix(text);
      return found.ok ? plain(found.value) : found;
    }
  }
}

/** The kind a text is read as; null: it looks like none. */
function kindOf(text: string): TargetKind | null {
  if (/^pkg:/i.test(text)) return 'package';
  if (/^(?:product:|cpe:)/.test(text)) return 'product';
  if (/^(?:repo:|git\+|git:\/\/|ssh:\/\/|(?:github|gitlab|bitbucket):[^/]+\/)/i.test(text)) {
    return 'repository';
  }
  if (/^(?:https?|wss?):\/\//i.test(text)) return isRepositoryAddress(text) ? 'repository' : 'url';
  if (/^[^\s/:@]+@[^\s/:@]+:[^:]+$/.test(text)) return 'repository';
  if (/^\[?[0-9a-f:.]*:[0-9a-f:.]*(?:%[^\]/]*)?\]?(?:\/\d+)?$/i.test(text)) return 'network';
  if (/^[\d.]+(?:\/\d+)?$/.test(text)) return 'network';
  return /^[^\s/:@?#]+$/.test(text) ? 'host' : null;
}

/** What a browser shows of an address at a forge, and people pass on: `github.com/curl/curl`. */
function withScheme(text: string): string {
  const [, host = ''] = /^([a-z0-9.-]+)\/[^/\s]/i.exec(text) ?? [];
  return forges.has(host.toLowerCase().replace(/^www\./, '')) ? `https://${text}` : text;
}

/** An address that git clones: at a known forge, or ending in `.git`. */
function isRepositoryAddress(text: string): boolean {
  const [, host = '', path = ''] = /^https?:\/\/([^/?#]*)\/*([^?#]*)/i.exec(text) ?? [];
  if (/\.git\/*$/i.test(path)) return true;
  const name = host
    .toLowerCase()
    .replace(/^www\./, '')
    .replace(/:(?:80|443)?$/, '')
    .replace(/\.$/, '');
  return forges.has(name) && path !== '';
}

function plain(target: Target) {
  return ok({ target, revision: null, vers: null });
}

function unknown(text: string) {
  return refusal('target-malformed', text, {
    expected:
      'a package URL, a repository, a host name, a network, an URL prefix or a product, of at most 2,048 characters',
    todo: 'such as pkg:npm/lodash, https://github.com/curl/curl, *.example.org, 192.0.2.0/24, https://example.org/app/ or product:openssl/openssl',
  });
}
