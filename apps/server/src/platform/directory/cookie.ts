import type { Site } from './site.ts';

/** __Host- (RFC 6265bis, 4.1.3.2): over https only, for this host only; loopback cannot have it. */
export function cookieName(site: Site): string {
  return site.secure ? '__Host-breakwater' : 'breakwater-local';
}

/** The header that keeps `token` in the browser for `seconds`; null takes the cookie away. */
export function sessionCookie(site: Site, kept: { token: string; seconds: number } | null): string {
  const { token, seconds } = kept ?? { token: '', seconds: 0 };
  const flags = `Path=/; Max-Age=${seconds}; HttpOnly; SameSite=Strict${site.secure ? '; Secure' : ''}`;
  return `${cookieName(site)}=${token}; ${flags}`;
}

/**
 * The session token in a Cookie header, or null. Where the name comes twice nobody can tell which
 * is ours, so none is.
 */
export function tokenIn(header: string | undefined, site: Site): string | null {
  if (header === undefined || header.length > 8_192) return null;
  const found = header
    .split(';')
    .map((pair) => pair.trim().split('='))
    .filter(([name]) => name === cookieName(site));
  const token = found.length === 1 ? found[0]?.[1] : undefined;
  return token !== undefined && /^[A-Za-z0-9_-]{43}$/.test(token) ? token : null;
}
