import type { GatewayKey } from '@breakwater/contract';
import { Badge } from '../../ui/badge.tsx';
import { conditionWords, standingOf } from './words.ts';

/** Whether a key is taken now; otherwise everything that is missing. */
export function Standing({ gkey }: { readonly gkey: Pick<GatewayKey, 'active' | 'missing'> }) {
  const { word, tone } = standingOf(gkey);
  return (
    <>
      <Badge tone={tone}>{word}</Badge>
      {gkey.active ? null : (
        <span className="small soft under">
          {gkey.missing
            .filter((each) => each !== 'cut-off')
            .map((each) => conditionWords[each])
            .join('; ')}
        </span>
      )}
    </>
  );
}
