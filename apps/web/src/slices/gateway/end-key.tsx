import type { GatewayKey } from '@breakwater/contract';
import { gateway } from '@breakwater/contract';
import { Buttons } from '../../ui/button.tsx';
import { useSay } from '../../ui/toast.tsx';
import { AskFirst } from '../session/ask-first.tsx';
import { useAct } from '../session/server.ts';

/** Ends a key of one's own party for good. */
export function EndKey({ gkey: { id, endedAt } }: { readonly gkey: GatewayKey }) {
  const say = useSay();
  const { act, busy, problem } = useAct(gateway.endKey);
  if (endedAt !== null) return null;
  return (
    <Buttons>
      <AskFirst
        kind="danger"
        words="End this key"
        title="End this key"
        lede="At once and for good: answers under way by it break off. What it did not use is free for another key."
        does="End it"
        busy={busy}
        problem={problem}
        onDo={(close) =>
          act({ params: { gkey: id }, body: {} }, () => {
            close();
            say('The key has ended.');
          })
        }
      />
    </Buttons>
  );
}
