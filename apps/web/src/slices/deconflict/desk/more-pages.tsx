import { Button, Buttons } from '../../../ui/button.tsx';
import type { Pages } from '../../session/server.ts';

/** The next page of a list, where there is one. */
export function MorePages({ more }: Pick<Pages<unknown>, 'more'>) {
  if (!more.has) return null;
  return (
    <Buttons>
      <Button busy={more.loading && 'Loading…'} onPress={more.load}>
        More
      </Button>
    </Buttons>
  );
}
