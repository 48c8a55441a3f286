import type { Output } from '@breakwater/contract';
import { distribute } from '@breakwater/contract';
import { useState } from 'react';
import { Dialog } from '../../ui/dialog.tsx';
import { Select, TextField } from '../../ui/field.tsx';
import { Menu, MenuItem, MenuLine } from '../../ui/menu.tsx';
import { useSay } from '../../ui/toast.tsx';
import { ActForm } from '../session/act-form.tsx';
import { useBegunAt } from '../session/begun-at.ts';
import { useAct } from '../session/server.ts';
import { debianReleases } from './debian-releases.ts';

export type Inventory = Output<typeof distribute.listInventories>['items'][number];

type Act = 'rename' | 'release' | 'remove';

/** What may be done with a list that is kept. */
export function InventoryActs({ list }: { readonly list: Inventory }) {
  const [act, setAct] = useState<Act | null>(null);
  const done = () => setAct(null);
  // Only a list that leaves the release open, or was told it, has one to be told.
  const released = list.releaseMissing > 0 || list.debianRelease !== null;
  return (
    <>
      <Menu
        label="Change"
        name={`Change ${list.name}`}
        className="button button-quiet button-in-row"
      >
        <MenuItem onPress={() => setAct('rename')}>Rename</MenuItem>
        <MenuItem
          onPress={() => setAct('release')}
          reason={released ? null : 'It needs no Debian release.'}
        >
          Debian release
        </MenuItem>
        <MenuLine />
        <MenuItem onPress={() => setAct('remove')}>Remove</MenuItem>
      </Menu>
      {act === 'rename' ? <Rename list={list} onDone={done} /> : null}
      {act === 'release' ? <Release list={list} onDone={done} /> : null}
      {act === 'remove' ? <Remove list={list} onDone={done} /> : null}
    </>
  );
}

interface ActProps {
  readonly list: Inventory;
  readonly onDone: () => void;
}

function Rename({ list, onDone }: ActProps) {
  const { act, busy, problem } = useAct(distribute.changeInventory);
  const ifRevision = useBegunAt(list.revision, problem);
  const say = useSay();
  const [name, setName] = useState(list.name);
  const send = () =>
    act({ params: { inventory: list.id }, body: { name: name.trim(), ifRevision } }, () => {
      say(`It is called ${name.trim()} now.`);
      onDone();
    });
  return (
    <Dialog open onClose={onDone} title="Rename the list" lede="Its cards use the new name, too.">
      <ActForm
        label="Rename"
        busy={busy}
        problem={problem}
        reason={name.trim() === '' ? 'Give it a name first.' : null}
        now={<p>{list.name}</p>}
        onSubmit={send}
      >
        <TextField label="What is it called?" value={name} onChange={setName} maxLength={200} />
      </ActForm>
    </Dialog>
  );
}

function Release({ list, onDone }: ActProps) {
  const { act, busy, problem } = useAct(distribute.changeInventory);
  const ifRevision = useBegunAt(list.revision, problem);
  const say = useSay();
  const [release, setRelease] = useState(list.debianRelease ?? '');
  const send = () =>
    act(
      {
        params: { inventory: list.id },
        body: { debianRelease: release === '' ? null : release, ifRevision },
      },
      () => {
        say(`${list.name} is compared again.`);
        onDone();
      },
    );
  return (
    <Dialog
      open
      onClose={onDone}
      title="Which release of Debian is it?"
      lede="It is compared again at once: cards that do not belong to this release are resolved, and others may come."
    >
      <ActForm
        label="Save"
        busy={busy}
        problem={problem}
        now={<p>{list.debianRelease === null ? 'not known' : `Debian ${list.debianRelease}`}</p>}
        onSubmit={send}
      >
        <Select
          label={`${list.name} is of`}
          value={release}
          onChange={setRelease}
          choices={[['', 'I do not know'], ...debianReleases]}
        />
      </ActForm>
    </Dialog>
  );
}

function Remove({ list, onDone }: ActProps) {
  const { act, busy, problem } = useAct(distribute.removeInventory);
  const ifRevision = useBegunAt(list.revision, problem);
  const say = useSay();
  const send = () =>
    act({ params: { inventory: list.id }, body: { ifRevision } }, () => {
      say(`${list.name} is removed.`);
      onDone();
    });
  return (
    <Dialog
      open
      onClose={onDone}
      title={`Remove ${list.name}?`}
      lede="Nothing in it is watched any more. All its cards go with it, also those you reported done and those a helper has, and their content is erased. This cannot be taken back."
    >
      <ActForm
        label="Remove the list"
        busy={busy}
        problem={problem}
        danger
        now={<p>{list.name}</p>}
        onSubmit={send}
      >
        {null}
      </ActForm>
    </Dialog>
  );
}
