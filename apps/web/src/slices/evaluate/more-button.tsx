import { Button, Buttons } from '../../ui/button.tsx';
import type { Pages } from '../session/server.ts';

/** The next page of a list, when a person asks for it. */
export function MoreButton({ has, loading, load }: Pages<unknown>['more']) {
  if (!has) return null;
  return (
    <Buttons>
      <Button busy={loading && 'Loading…'} onPress={load}>
        More
      </Button>
    </Buttons>
  );
}
