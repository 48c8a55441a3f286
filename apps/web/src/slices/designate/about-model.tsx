import type { FileSummary } from '@breakwater/contract';
import { engage } from '@breakwater/contract';
import type { Id } from '@breakwater/kernel';
import { useLoad } from '../session/server.ts';

/** What a file is about: the codename where the reader may see it, a commitment otherwise. */
export function AboutModel({
  file: { engagement, commitment },
}: {
  readonly file: Pick<FileSummary, 'engagement' | 'commitment'>;
}) {
  if (engagement !== null) return <Codename id={engagement} />;
  return (
    <>
      a model elsewhere, <code>{(commitment ?? '').slice(0, 12)}</code>
    </>
  );
}

function Codename({ id }: { readonly id: Id<'engagement'> }) {
  const { loaded } = useLoad(engage.get, { params: { engagement: id } });
  if (loaded.state !== 'ready') return 'a model';
  return loaded.data.codename ?? 'a model whose codename was erased';
}
