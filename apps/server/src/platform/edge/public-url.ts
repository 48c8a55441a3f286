import { isLoopbackName } from './addresses.ts';

/** What a public URL has to be, for messages. */
export const publicUrlForm =
  'expected https://<name>[:port] without path, query or user, such as ' +
  'https://clearinghouse.example.org; plain http only for localhost';

/**
 * The origin that people and links use (`scheme://host[:port]`, no slash at the end), or null
 * where `text` is none. Plain http is one for this machine's own names alone: what is sent to
 * another machine is read on the way.
 */
export function parsePublicUrl(text: string): string | null {
  if (text.length > 300 || !URL.canParse(text)) return null;
  const url = new URL(text);
  const bare = url.pathname === '/' && url.search === '' && url.hash === '';
  if (!bare || url.username !== '' || url.password !== '' || /[?#\\]/.test(text)) return null;
  const plain = url.protocol === 'http:' && isLoopbackName(url.hostname);
  return url.protocol === 'https:' || plain ? url.origin : null;
}
