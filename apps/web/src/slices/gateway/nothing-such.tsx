import { pathOf } from '../../app/paths.ts';
import { Page } from '../../ui/page.tsx';

/** The address names nothing that there could be. */
export function NothingSuch({ what }: { readonly what: string }) {
  return (
    <Page title={`There is no such ${what}`} width="narrow">
      <p>
        Look at <a href={pathOf('gatewayKeys')}>your keys</a>.
      </p>
    </Page>
  );
}
