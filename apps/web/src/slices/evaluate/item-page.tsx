import type { Output, Suite } from '@breakwater/contract';
import { suites } from '@breakwater/contract';
import { type Id, parseId } from '@breakwater/kernel';
import { useState } from 'react';
import { pathTo } from '../../app/paths.ts';
import { Button, Buttons } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Digest } from '../../ui/digest.tsx';
import { Facts } from '../../ui/facts.tsx';
import { Time } from '../../ui/moment.tsx';
import { Page } from '../../ui/page.tsx';
import { Section } from '../../ui/section.tsx';
import { useMe } from '../session/me.ts';
import { Show } from '../session/problem-note.tsx';
import type { Address, Screen } from '../session/screen.ts';
import { begin, useLoad } from '../session/server.ts';
import { AllowForm } from './allow-form.tsx';
import { sourceWords } from './figure-words.ts';
import { ItemOpened } from './item-opened.tsx';
import { Coming, NothingSuch } from './nothing-such.tsx';
import { OpenItem } from './open-item.tsx';

export const screen: Screen = {
  load: (reader, { params }) => {
    const item = parseId('item', params['item'] ?? '');
    if (item !== null) begin(reader, suites.item, { params: { item } });
  },
  Page: ItemPage,
};

/** One sealed item: its commitment, and what is in it where the reader may see that. */
function ItemPage({ params }: Address) {
  const id = parseId('item', params['item'] ?? '');
  return id === null ? <NothingSuch what="item" /> : <Found id={id} />;
}

function Found({ id }: { readonly id: Id<'item'> }) {
  const read = useLoad(suites.item, { params: { item: id } });
  if (read.loaded.state !== 'ready') return <Coming title="Item" what="the item" {...read} />;
  return <Known item={read.loaded.data} />;
}

type Item = Output<typeof suites.item>;

function Known({ item }: { readonly item: Item }) {
  const { place, commitment, openedAt, kept, humanTime, cluster, opening } = item;
  const suite = useLoad(suites.suite, { params: { suite: item.suite } });
  return (
    <Page
      title={`Item ${place + 1}`}
      lede={
        <>
          Of{' '}
          <a href={pathTo('suite', { suite: item.suite })}>
            {(suite.loaded.state === 'ready' ? suite.loaded.data.title : null) ?? 'a suite'}
          </a>
          . Its commitment was sealed before the first run; what is in it can be shown later, and
          nothing else can be passed off as it.
        </>
      }
      width="narrow"
    >
      <Facts
        items={[
          ['Commitment', <Digest key="commitment" value={`sha256:${commitment}`} />],
          [
            'Body',
            openedAt === null ? (
              kept ? (
                'kept here, encrypted'
              ) : (
                'not kept here'
              )
            ) : (
              <span key="opened">
                opened <Time at={openedAt} />
              </span>
            ),
          ],
          ['Human time', humanTime === null ? 'not told' : sourceWords[humanTime]],
          ...(cluster === null ? [] : [['Cluster', cluster] as const]),
        ]}
      />
      <Show what="its suite" {...suite}>
        {(known) => (
          <>
            <Section
              id="body"
              title="What is in it"
              lede="Checked in this browser: salt and text make the commitment, and that leads to the sealed root."
            >
              {opening === null ? (
                <p className="soft small">
                  {kept
                    ? 'You may not see what is in it.'
                    : 'Its body is not kept here. Its keeper holds it.'}
                </p>
              ) : (
                <ItemOpened opening={opening} suite={known} commitment={commitment} />
              )}
            </Section>
            <KeeperActs item={item} suite={known} />
          </>
        )}
      </Show>
    </Page>
  );
}

/** What the keeper alone may do with one item. */
function KeeperActs({ item, suite }: { readonly item: Item; readonly suite: Suite }) {
  const me = useMe();
  const [open, setOpen] = useState<'give' | 'open' | null>(null);
  if (me?.party.id !== suite.keeper.id) return null;
  const done = () => setOpen(null);
  return (
    <>
      <div className="mt-5">
        <Buttons>
          <Button onPress={() => setOpen('give')}>Give a right to it</Button>
          <Button
            kind="danger"
            onPress={() => setOpen('open')}
            reason={item.openedAt === null ? null : 'It is open to all who know of it.'}
          >
            Open it for good
          </Button>
        </Buttons>
      </div>
      {open === 'give' ? (
        <Dialog
          open
          onClose={done}
          title="Give a right to this item"
          lede="They see nothing of the others: no item, sample or figure that another went into."
        >
          <AllowForm suite={suite.id} item={item.id} onDone={done} />
        </Dialog>
      ) : null}
      {open === 'open' ? (
        <Dialog
          open
          onClose={done}
          title="Open it for good?"
          lede="All who know of it see what is in it. Nobody can close it again."
        >
          <OpenItem item={item} suite={suite} onDone={done} />
        </Dialog>
      ) : null}
    </>
  );
}
