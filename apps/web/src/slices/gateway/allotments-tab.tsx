import type { Allotment } from '@breakwater/contract';
import { earlyAccess, gateway, partners } from '@breakwater/contract';
import { useState } from 'react';
import { Button, Buttons } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Facts } from '../../ui/facts.tsx';
import { countWords } from '../../ui/size.ts';
import { Show } from '../session/problem-note.tsx';
import { useLoad } from '../session/server.ts';
import { AllotmentForm } from './allotment-form.tsx';
import { LimitsShown } from './key-limits.tsx';
import { useNames } from './names-of.ts';
import { keptWords } from './offer-card.tsx';

type Open = { readonly standing: Allotment | null } | null;

/** What a developer gives, by window and tier. */
export function AllotmentsTab() {
  const [open, setOpen] = useState<Open>(null);
  const read = useLoad(gateway.allotments, {});
  const nameOf = useNames();
  const scopes = useScopes();
  const items = read.loaded.state === 'ready' ? read.loaded.data.items : [];
  const taken = new Set<string>(items.map(({ of }) => of));
  const close = () => setOpen(null);
  return (
    <>
      <Show what="the limits" {...read}>
        {() =>
          items.length === 0 ? (
            <EmptyState title="Nothing is given through the gateway">
              <p>
                State for a window or a tier what each grant or partnership in it takes at most.
                Until then nobody can have a key on it.
              </p>
            </EmptyState>
          ) : (
            <div className="partner-cards">
              {items.map((each) => (
                <AllotmentCard
                  key={each.of}
                  allotment={each}
                  name={nameOf(each.of)}
                  onChange={() => setOpen({ standing: each })}
                />
              ))}
            </div>
          )
        }
      </Show>
      <Buttons>
        <Button onPress={() => setOpen({ standing: null })}>State limits</Button>
      </Buttons>
      {open === null ? null : (
        <Dialog
          open
          onClose={close}
          title={open.standing === null ? 'State limits' : `Limits of ${nameOf(open.standing.of)}`}
          lede="Of each grant or partnership, all its keys together. What is lowered counts at once."
        >
          <AllotmentForm
            standing={open.standing}
            scopes={scopes
              .filter((scope) => !taken.has(scope))
              .map((scope) => [scope, nameOf(scope)] as const)}
            onDone={close}
          />
        </Dialog>
      )}
    </>
  );
}

/** One's own tiers, and windows that are not over. */
function useScopes(): readonly string[] {
  const tiers = useLoad(partners.ownTiers, {});
  const windows = useLoad(earlyAccess.windows, { query: { limit: 200 } });
  return [
    ...(tiers.loaded.state === 'ready' ? tiers.loaded.data.items.map(({ id }) => id) : []),
    ...(windows.loaded.state === 'ready'
      ? windows.loaded.data.items
          .filter(({ endedAt, ends, asOf }) => endedAt === null && ends > asOf)
          .map(({ id }) => id)
      : []),
  ];
}

interface CardProps {
  readonly allotment: Allotment;
  readonly name: string;
  readonly onChange: () => void;
}

function AllotmentCard({ allotment, name, onChange }: CardProps) {
  const { names, limits, keysMax, demandsProof, keepsFor } = allotment;
  return (
    <article className="partner-card" aria-label={name}>
      <h2 className="begins">{name}</h2>
      <Facts
        items={[
          ['Clients say', <code key="say">{names.join(', ')}</code>],
          ['At most', <LimitsShown key="limits" limits={limits} />],
          ['Keys', `${countWords(keysMax, 'key')} on one access`],
          ['Proof', demandsProof ? 'every key is bound' : 'not demanded'],
          ['Kept', keptWords(keepsFor)],
        ]}
      />
      <Buttons>
        <Button label={`Change the limits of ${name}`} onPress={onChange}>
          Change
        </Button>
      </Buttons>
    </article>
  );
}
