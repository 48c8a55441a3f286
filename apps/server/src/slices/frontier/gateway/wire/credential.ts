import { hash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** A key as it was shown. */
export interface Shown {
  readonly secret: string;
  /** Of its UTF-8 bytes, in hex: by this keys are kept. */
  readonly sha256: string;
}

const form = /^bwg_[A-Za-z0-9_-]{20,200}$/;

/**
 * The key that a call shows: in `authorization` (Bearer, or DPoP of RFC 9449) or in `x-api-key`;
 * null where there is none, or two that differ, of which each reader would take another.
 */
export function shownKey(headers: IncomingHttpHeaders): Shown | null {
  const given = headers.authorization;
  const bearer = given === undefined ? null : (/^(?:Bearer|DPoP) (\S+)$/i.exec(given)?.[1] ?? '');
  const header = headers['x-api-key'];
  const other = header === undefined ? null : typeof header === 'string' ? header : '';
  const secret = bearer ?? other;
  if (secret === null || !form.test(secret)) return null;
  if (bearer !== null && other !== null && bearer !== other) return null;
  return { secret, sha256: hash('sha256', secret) };
}
