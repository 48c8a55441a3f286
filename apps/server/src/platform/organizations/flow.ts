import type { Site } from '../directory/site.ts';

/** What a browser carries from the start of a sign-in at its organization to the end. */
export interface Flow {
  readonly provider: string;
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
}

/** The time a person has at its organization, in seconds. */
const secondsMax = 600;
const secret = /^[A-Za-z0-9_-]{43}$/;

function cookieName(site: Site): string {
  return site.secure ? '__Host-breakwater-organization' : 'breakwater-local-organization';
}

/**
 * The header that ties a flow to this browser: whoever else opens the address that the
 * organization sends back to has no such cookie. Lax, since that way back comes from another site.
 * It holds nothing that its own browser might not know, so it needs no seal.
 */
export function flowCookie(site: Site, flow: Flow | null): string {
  const value =
    flow === null ? '' : [flow.provider, flow.state, flow.nonce, flow.verifier].join('.');
  const age = flow === null ? 0 : secondsMax;
  const flags = `Path=/; Max-Age=${age}; HttpOnly; SameSite=Lax${site.secure ? '; Secure' : ''}`;
  return `${cookieName(site)}=${value}; ${flags}`;
}

/** The flow in a Cookie header, or null; a name that comes twice is none. */
export function flowIn(header: string | undefined, site: Site): Flow | null {
  if (header === undefined || header.length > 8_192) return null;
  const prefix = `${cookieName(site)}=`;
  const found = header.split(';').map((pair) => pair.trim());
  const ours = found.filter((pair) => pair.startsWith(prefix));
  const [provider, state, nonce, verifier, ...more] =
    ours.length === 1 ? (ours[0] ?? '').slice(prefix.length).split('.') : [];
  if (provider === undefined || state === undefined || more.length > 0) return null;
  if (nonce === undefined || verifier === undefined) return null;
  const whole = [state, nonce, verifier].every((part) => secret.test(part));
  return whole ? { provider, state, nonce, verifier } : null;
}
