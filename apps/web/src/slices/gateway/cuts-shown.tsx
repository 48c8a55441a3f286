import type { GatewayKey } from '@breakwater/contract';
import { Time } from '../../ui/moment.tsx';
import { QuoteBlock } from '../../ui/quote.tsx';

/** What cuts a key off, by whom and why. */
export function CutsShown({ cuts }: Pick<GatewayKey, 'cuts'>) {
  const standing = cuts.filter(({ liftedAt }) => liftedAt === null);
  return standing.map(({ id, by, at, reason }) => (
    <div key={id} className="mt-4">
      <p className="small">
        {by.name} cut it off, <Time at={at} />.
      </p>
      {reason === null ? null : <QuoteBlock text={reason} from={by.name} />}
    </div>
  ));
}
