import { ok, type Result } from '@breakwater/kernel';
import { parseTarget, type TargetInput } from './parse-target.ts';
import { refusal } from './refusal.ts';
import type { RepositoryFacts } from './repository.ts';
import type { Target, TargetRefusal } from './target.ts';

/** `*` for the scheme, or several ports with commas between. */
const several = /^(\*|https?):\/\/(\[[^\]]*\]|[^/:@?#\s]+)(?::(\d{1,5}(?:,\d{1,5})*))?(\/.*)?$/i;
/** Forty exceptions under two schemes stay below what one extent may leave out. */
const portsMax = 10;

/**
 * Parses what is left out: a target, or URL prefixes of one host by several schemes and ports at once,
 * such as `*://www.example.org/admin/` (http and https, each on its own port) or
 * `*://www.example.org:443,8443/admin/`. What is left out under one of them would else stay in under
 * the others.
 */
export function parseException(
  input: TargetInput,
  facts: RepositoryFacts = {},
): Result<readonly Target[], TargetRefusal> {
  const [, scheme = '', host = '', ports, path = '/'] =
    (typeof input === 'string' ? several.exec(input.trim()) : null) ?? [];
  if (typeof input !== 'string' || (scheme !== '*' && ports?.includes(',') !== true)) {
    const target = parseTarget(input, facts);
    return target.ok ? ok([target.value]) : target;
  }
  const numbers = [...new Set(ports?.split(',') ?? [''])];
  if (numbers.length > portsMax) return tooMany(input);
  const schemes = scheme === '*' ? ['http', 'https'] : [scheme];
  const targets: Target[] = [];
  for (const each of schemes) {
    for (const port of numbers) {
      const text = `${each}://${host}${port === '' ? '' : `:${port}`}${path}`;
      const target = parseTarget({ kind: 'url', text }, facts);
      if (!target.ok) return target;
      targets.push(target.value);
    }
  }
  return ok(targets);
}

function tooMany(got: string) {
  return refusal('url-malformed', got, {
    expected: `at most ${portsMax} ports in one exception`,
    todo: 'leave the host out as a whole, or write several exceptions',
  });
}
