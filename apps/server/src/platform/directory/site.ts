/** How people reach this installation. */
export interface Site {
  /** Without a slash at the end; links begin with it. */
  readonly url: string;
  /** The relying party of passkeys (Web Authentication Level 3, 4): the host, without port. */
  readonly host: string;
  /** Where a browser may stand when it uses a passkey. */
  readonly origins: readonly string[];
  /** Reached over https: the cookie is bound to the host and never travels in the clear. */
  readonly secure: boolean;
}

/**
 * The site at the public address, or without one at the address that is served. An IP address
 * cannot be a relying party, so on loopback people are sent to `localhost`.
 */
export function siteAt(publicUrl: string | null, served: string): Site {
  if (publicUrl !== null) return siteOf(new URL(publicUrl));
  const local = new URL(served);
  local.hostname = 'localhost';
  return siteOf(local);
}

function siteOf(url: URL): Site {
  return {
    url: url.href.replace(/\/+$/, ''),
    host: url.hostname,
    origins: [url.origin],
    secure: url.protocol === 'https:',
  };
}

/** The address behind a one-time link. In the fragment: it reaches no server, log or referrer. */
export function linkTo(site: Site, token: string): string {
  return `${site.url}/sign-in#${token}`;
}
