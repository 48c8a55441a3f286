import { suites } from '@breakwater/contract';
import type { Id } from '@breakwater/kernel';
import { pathTo } from '../../app/paths.ts';
import { useLoad } from '../session/server.ts';

/** A suite by its title; each is asked for once, however many rows name it. */
export function SuiteLink({ id }: { readonly id: Id<'suite'> }) {
  const { loaded } = useLoad(suites.suite, { params: { suite: id } });
  const title = loaded.state === 'ready' ? loaded.data.title : null;
  return <a href={pathTo('suite', { suite: id })}>{title ?? 'A suite'}</a>;
}
