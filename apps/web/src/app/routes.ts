import type { Id } from '@breakwater/kernel';
import { parseId } from '@breakwater/kernel';

/** Every address of the web client. The server answers each with the same page. */
export type Route =
  | { readonly page: 'cases' }
  | { readonly page: 'case'; readonly id: Id<'case'> }
  | { readonly page: 'notices' }
  | { readonly page: 'unknown' };

/** The route of a path. */
export function routeOf(path: string): Route {
  if (path === '/') return { page: 'cases' };
  if (path === '/notices') return { page: 'notices' };
  const id = parseId('case', path.replace(/^\/cases\//, ''));
  return path.startsWith('/cases/') && id !== null ? { page: 'case', id } : { page: 'unknown' };
}
