import { ok, type Result } from '@breakwater/kernel';
import { refusal } from './refusal.ts';
import type { HostTarget } from './target.ts';

/** RFC 1035 §2.3.4, and an underscore as DNS itself has it. */
const label = /^(?!-)[a-z0-9_-]{1,63}(?<!-)$/;

/**
 * Longest name below which hosts are named: three characters are left for what stands below, which
 * is more names than anyone may list, so that exceptions never fill a wildcard.
 */
const wildcardNameMax = 249;

/**
 * Parses a host name in any spelling: Unicode or A-labels, any case, a trailing dot, `*.` before it
 * for all below it. Addresses are networks and refused here.
 */
export function parseHost(text: string): Result<HostTarget, 'host-malformed' | 'target-too-wide'> {
  const below = text.startsWith('*.');
  const name = hostName(below ? text.slice(2) : text);
  if (name === null) return malformed(text);
  const labels = name.split('.');
  if (labels.length < 2) return below ? tooWide(text) : malformed(text);
  if (below && name.length > wildcardNameMax) return malformed(text);
  return ok({
    kind: 'host',
    text: below ? `*.${name}` : name,
    lineage: hostLineage(labels, below),
    name,
    below,
  });
}

/** The lineage of a host by its labels: of all below it, or of itself with all it serves. */
export function hostLineage(labels: readonly string[], below: boolean): string {
  return `dns:${labels.toReversed().join('.')}${below ? '.' : '!'}`;
}

/** A host name in A-labels, lower case, no trailing dot; null: it is none, or an address. */
export function hostName(text: string): string | null {
  if (text.length > 1_024) return null;
  const name = asciiName(text);
  if (name === null || name.length > 253) return null;
  const labels = name.split('.');
  // URL Standard, "ends in a number": 0x7f.1 and 127.1 are addresses to a browser and to curl.
  if (/^(?:\d+|0x[0-9a-f]*)$/.test(labels.at(-1) ?? '')) return null;
  return labels.every((part) => label.test(part)) ? name : null;
}

function asciiName(text: string): string | null {
  if (/^[\x21-\x7e]*$/.test(text)) {
    const lower = text.toLowerCase().replace(/\.$/, '');
    return lower.includes('xn--') ? mapped(lower) : lower;
  }
  // Anything the URL parser reads as syntax has no place in a name.
  return /[\s/\\@:?#[\]%<>^|]/.test(text) ? null : mapped(text);
}

/** Unicode IDNA mapping (UTS 46, not transitional), as the URL Standard applies it. */
function mapped(text: string): string | null {
  if (!/^[^/\\@:?#[\]%\s]+$/.test(text) || !URL.canParse(`http://${text}/`)) return null;
  return new URL(`http://${text}/`).hostname.replace(/\.$/, '');
}

function malformed(text: string) {
  return refusal('host-malformed', text, {
    expected: 'a host name with at least two labels, such as www.example.org or *.example.org',
    todo: 'write the whole name; a wildcard stands for whole labels at its beginning only',
  });
}

function tooWide(text: string) {
  return refusal('target-too-wide', text, {
    expected: 'a wildcard below at least two labels, such as *.example.org',
    todo: 'name the domain; nobody speaks for a whole top-level domain here',
  });
}
