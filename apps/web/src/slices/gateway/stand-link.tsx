import type { GatewayKey } from '@breakwater/contract';
import { parseId } from '@breakwater/kernel';
import { pathOf, pathTo } from '../../app/paths.ts';

/** What a key stands on, and its page. */
export function StandLink({ standsOn }: Pick<GatewayKey, 'standsOn'>) {
  const grant = parseId('grant', standsOn);
  return grant === null ? (
    <a href={pathOf('applications', { show: 'partnerships' })}>a partnership</a>
  ) : (
    <a href={pathTo('grant', { grant })}>early access</a>
  );
}
