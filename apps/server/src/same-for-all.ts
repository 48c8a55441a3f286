import { createHash } from 'node:crypto';

/** What a cache may keep of an answer that is the same to everybody. */
export interface CacheWish {
  /** False where the caller is somebody: its own browser alone may then keep the answer. */
  readonly anonymous: boolean;
  readonly ifNoneMatch: string | undefined;
  /** RFC 3339; when what is answered last changed. */
  readonly modifiedAt?: string | undefined;
}

/** Long enough to spare the server a crowd, short enough that a publication is seen at once. */
const secondsMax = 60;

/**
 * Marks an answer for caches (RFC 9111) with an entity tag made of its bytes, and answers 304 where
 * the caller has them (RFC 9110, 13.1.2).
 */
export async function forCaches(response: Response, wish: CacheWish): Promise<Response> {
  const bytes = new Uint8Array(await response.arrayBuffer());
  const tag = `"${createHash('sha256').update(bytes).digest('base64url')}"`;
  const headers = new Headers(response.headers);
  headers.set('etag', tag);
  headers.set('vary', 'authorization, cookie, accept-encoding');
  headers.set(
    'cache-control',
    wish.anonymous ? `public, max-age=${secondsMax}` : 'private, no-cache',
  );
  if (wish.modifiedAt !== undefined) {
    headers.set('last-modified', new Date(wish.modifiedAt).toUTCString());
  }
  if (matches(wish.ifNoneMatch, tag)) return new Response(null, { status: 304, headers });
  return new Response(bytes, { status: response.status, headers });
}

/** Weak comparison, as If-None-Match asks for. */
function matches(header: string | undefined, tag: string): boolean {
  if (header === undefined) return false;
  const known = header.split(',').map((each) => each.trim().replace(/^W\//, ''));
  return known.includes(tag) || known.includes('*');
}
