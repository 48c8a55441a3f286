import type { FileSummary } from '@breakwater/contract';
import { engage } from '@breakwater/contract';
import type { Id } from '@breakwater/kernel';
import { pathTo } from '../../app/paths.ts';
import { useLoad } from '../session/server.ts';

interface AboutModelProps {
  readonly file: Pick<FileSummary, 'engagement' | 'commitment'>;
  /** Leads to the engagement, where the reader may see it. */
  readonly linked?: boolean;
}

/** What a file is about: the codename where the reader may see it, a commitment otherwise. */
export function AboutModel({ file: { engagement, commitment }, linked = false }: AboutModelProps) {
  if (engagement !== null) return <Codename id={engagement} linked={linked} />;
  return (
    <>
      a model elsewhere, <code>{(commitment ?? '').slice(0, 12)}</code>
    </>
  );
}

interface CodenameProps {
  readonly id: Id<'engagement'>;
  readonly linked: boolean;
}

function Codename({ id, linked }: CodenameProps) {
  const { loaded } = useLoad(engage.get, { params: { engagement: id } });
  if (loaded.state !== 'ready') return 'a model';
  const name = loaded.data.codename ?? 'a model whose codename was erased';
  return linked ? <a href={pathTo('engagement', { engagement: id })}>{name}</a> : name;
}
