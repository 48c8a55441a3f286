import type { Id } from '@breakwater/kernel';
import type { Site } from '../../../platform/directory/site.ts';
import type { Services } from '../../../services.ts';

/**
 * The secret of a link: 256 bits by a key that is kept outside the database, the same whenever it is
 * asked for. So a phone that lost the answer sends its request again and gets it, and a mail can
 * hold it; rows keep its hash alone.
 */
export function tokenFor(
  { content }: Pick<Services, 'content'>,
  id: Id<'application'> | Id<'nomination'>,
): string {
  return Buffer.from(content.blind(`partners link ${id}`)).toString('base64url');
}

/** Where a link leads. The token is in the fragment: it reaches no server, log or referrer. */
export function linkAt(site: Site, page: 'application' | 'apply', token: string): string {
  return `${site.url}/partners/${page}#${token}`;
}
