import { isIP } from 'node:net';
import type { Challenge, ControlWay } from '@breakwater/contract';
import { ok, type Result, refuse } from '@breakwater/kernel';
import type { Target } from '@breakwater/scope';
import type { Outbound } from '../../../../platform/outbound/outbound.ts';

/** Why a proof was not found; `unreachable` may be another answer in an hour. */
export const proofFailures = ['proof-missing', 'proof-unreachable', 'address-not-allowed'] as const;
export type ProofFailure = (typeof proofFailures)[number];

const label = '_breakwater-challenge';
const wellKnown = '/.well-known/breakwater-control.txt';
const fileName = '.breakwater-control.txt';

/**
 * DCF-30: what an owner has to put where; `null` for a statement, which a coordinator rules on, and
 * a refusal where this way shows nothing about such a target.
 */
export function challengeOf(
  target: Target,
  way: ControlWay,
  token: string,
): Result<Challenge | null, 'way-unfit'> {
  const text = `breakwater-control=${token}`;
  switch (way) {
    case 'statement':
      return ok(null);
    case 'dns': {
      const name = nameOf(target);
      if (name === null) return refuse(unfit('a host, or an URL on a host with a name'));
      return ok({ way, name: `${label}.${name}`, record: text });
    }
    case 'well-known': {
      const origin = originOf(target);
      if (origin === null) return refuse(unfit('one host with a name, or an https URL'));
      return ok({ way, url: `${origin}${wellKnown}`, text });
    }
    case 'repository': {
      const urls = filesOf(target);
      if (urls.length === 0) return refuse(unfit('one repository'));
      return ok({ way, urls: [...urls], text });
    }
  }
}

/** Looks for what the challenge asks for; one of several addresses is enough. */
export async function lookFor(
  outbound: Outbound,
  challenge: Challenge,
): Promise<Result<null, ProofFailure>> {
  switch (challenge.way) {
    case 'dns': {
      const found = await outbound.txt(challenge.name);
      if (!found.ok) return refuse(failureOf(found.refusal, `a TXT record at ${challenge.name}`));
      return found.value.some((record) => record.trim() === challenge.record)
        ? ok(null)
        : refuse(otherText(`a TXT record at ${challenge.name}`, 'other records'));
    }
    case 'well-known':
      return await inFile(outbound, challenge.url, challenge.text);
    case 'repository': {
      let last: Result<null, ProofFailure> = refuse(otherText('a file', 'no address to look at'));
      for (const url of challenge.urls) {
        last = await inFile(outbound, url, challenge.text);
        if (last.ok) return last;
      }
      return last;
    }
  }
}

async function inFile(
  outbound: Outbound,
  url: string,
  text: string,
): Promise<Result<null, ProofFailure>> {
  const found = await outbound.text(url);
  if (!found.ok) return refuse(failureOf(found.refusal, url));
  return found.value.split('\n').some((line) => line.trim() === text)
    ? ok(null)
    : refuse(otherText(url, 'another text'));
}

/** The name under which a TXT record speaks for a target: for a wildcard, the one above it. */
function nameOf(target: Target): string | null {
  if (target.kind === 'host') return target.name;
  return target.kind === 'url' && isIP(target.host) === 0 ? target.host : null;
}

/** One page speaks for its own origin, and one host's for that host: never for names below it. */
function originOf(target: Target): string | null {
  if (target.kind === 'host') return target.below ? null : `https://${target.name}`;
  if (target.kind !== 'url' || target.scheme !== 'https') return null;
  const host = target.host.includes(':') ? `[${target.host}]` : target.host;
  return `https://${host}${target.port === 443 ? '' : `:${target.port}`}`;
}

/**
 * Where forges serve the newest text of a file as it is. What is at the root of a repository speaks
 * for all of it. A forge that is not named here is asked in the ways of GitLab and of Forgejo.
 */
function filesOf(target: Target): readonly string[] {
  if (target.kind !== 'repository' || target.every) return [];
  const { host, project } = target;
  const at = (path: string) => `https://${host}/${project}/${path}/${fileName}`;
  switch (host) {
    case 'github.com':
      return [`https://raw.githubusercontent.com/${project}/HEAD/${fileName}`];
    case 'bitbucket.org':
      return [at('raw/HEAD')];
    case 'git.sr.ht':
      return [at('blob/HEAD')];
    default:
      return [at('-/raw/HEAD'), at('raw/branch/main'), at('raw/branch/master')];
  }
}

function failureOf(refusal: { readonly code: string; readonly got: string }, where: string) {
  const code: ProofFailure =
    refusal.code === 'unreachable'
      ? 'proof-unreachable'
      : refusal.code === 'address-not-allowed'
        ? 'address-not-allowed'
        : 'proof-missing';
  return {
    code,
    expected: `to find the proof: ${where}`,
    got: refusal.got,
    todo: 'publish it exactly as the challenge says, and ask again once others can see it',
  };
}

function otherText(where: string, got: string) {
  return {
    code: 'proof-missing' as const,
    expected: `to find the proof: ${where}`,
    got,
    todo: 'publish it exactly as the challenge says, as a record or line of its own',
  };
}

function unfit(expected: string) {
  return {
    code: 'way-unfit' as const,
    expected: `for this way ${expected}`,
    got: 'a target of another kind',
    todo: 'choose another way; a statement, which a coordinator rules on, fits every target',
    pointer: '/way',
  };
}
