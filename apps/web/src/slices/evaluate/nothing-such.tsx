import { pathOf } from '../../app/paths.ts';
import { Page } from '../../ui/page.tsx';
import { Show } from '../session/problem-note.tsx';
import type { Loaded } from '../session/server.ts';

/** The address names nothing that there could be. */
export function NothingSuch({ what }: { readonly what: string }) {
  return (
    <Page title={`There is no such ${what}`} width="narrow">
      <p>
        Look at <a href={pathOf('suites')}>the suites</a> or <a href={pathOf('runs')}>the runs</a>{' '}
        you may know of.
      </p>
    </Page>
  );
}

interface ComingProps {
  readonly title: string;
  readonly what: string;
  readonly loaded: Loaded<unknown>;
  readonly reload: () => void;
}

/** A page whose one thing is on its way, or was refused. */
export function Coming({ title, what, loaded, reload }: ComingProps) {
  return (
    <Page title={title} width="narrow">
      <Show what={what} loaded={loaded} reload={reload}>
        {() => null}
      </Show>
    </Page>
  );
}
