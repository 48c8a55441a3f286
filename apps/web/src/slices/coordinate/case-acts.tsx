import type { Case, Operation } from '@breakwater/contract';
import {
  coordinate,
  correlate,
  distribute,
  owner,
  prioritize,
  validate,
  verify,
} from '@breakwater/contract';
import type { ReactNode } from 'react';
import { useState } from 'react';
import { pathTo } from '../../app/paths.ts';
import { Button, ButtonLink } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Menu, MenuItem } from '../../ui/menu.tsx';
import { ScoreForm } from '../prioritize/score-form.tsx';
import { useMay } from '../session/me.ts';
import { ReproduceForm } from '../validate/reproduce-form.tsx';
import type { ActProps } from './acts/act.ts';
import { EndEmbargo, SetEmbargo } from './acts/embargo.tsx';
import { GiveVerdict } from './acts/give-verdict.tsx';
import { InviteOwner } from './acts/invite-owner.tsx';
import { Merge } from './acts/merge.tsx';
import { ProposePatch } from './acts/propose-patch.tsx';
import { Split } from './acts/split.tsx';

interface CaseAct {
  readonly key: string;
  readonly label: string;
  readonly lede: string;
  readonly needs: Operation;
  /** Why it cannot be done to this case now. */
  readonly hindrance: (shown: Case) => string | null;
  readonly Form: (props: ActProps) => ReactNode;
}

const acts: readonly CaseAct[] = [
  {
    key: 'reproduce',
    label: 'Run a proof again',
    lede: 'In the sandbox, on the vulnerable build, beside a control build and a benign input.',
    needs: validate.request,
    hindrance: gone,
    Form: ({ shown, onDone }) => <ReproduceForm id={shown.id} onDone={onDone} />,
  },
  {
    key: 'score',
    label: 'Score',
    lede: 'From the published tables. Each input is kept with its source and date.',
    needs: prioritize.score,
    hindrance: gone,
    Form: ({ shown, onDone }) => <ScoreForm id={shown.id} onDone={onDone} />,
  },
  {
    key: 'invite',
    label: 'Invite the owner',
    lede: 'The owner joins the case room and owns the verdict.',
    needs: coordinate.inviteOwner,
    hindrance: gone,
    Form: InviteOwner,
  },
  {
    key: 'verdict',
    label: 'Give your verdict',
    lede: 'The owner says what it is, and nobody else.',
    needs: owner.giveVerdict,
    hindrance: gone,
    Form: GiveVerdict,
  },
  {
    key: 'patch',
    label: 'Propose a patch',
    lede: 'It is only a proposal until every proof fails on it and the tests of the software pass.',
    needs: verify.propose,
    hindrance: (shown) =>
      gone(shown) ?? (shown.recipe === null ? 'There is no recipe to try it with.' : null),
    Form: ProposePatch,
  },
  {
    key: 'embargo',
    label: 'Set the embargo’s hour',
    lede: 'One clock for the case, the same for everybody.',
    needs: coordinate.setEmbargo,
    hindrance: (shown) => gone(shown) ?? over(shown),
    Form: SetEmbargo,
  },
  {
    key: 'end-embargo',
    label: 'End the embargo',
    lede: 'For a matter that became public.',
    needs: coordinate.endEmbargo,
    hindrance: (shown) => gone(shown) ?? over(shown),
    Form: EndEmbargo,
  },
  {
    key: 'merge',
    label: 'Merge into another case',
    lede: 'For the same root cause in two cases. Every finder stays credited.',
    needs: correlate.merge,
    hindrance: (shown) => gone(shown) ?? published(shown),
    Form: Merge,
  },
  {
    key: 'split',
    label: 'Split',
    lede: 'For two root causes in one case.',
    needs: correlate.split,
    hindrance: (shown) =>
      gone(shown) ?? ((shown.findings ?? 2) < 2 ? 'It holds one finding only.' : null),
    Form: Split,
  },
];

/** What a coordinator may do to a case: the next step as a button, all else behind one. */
export function CaseActs({ shown }: { readonly shown: Case }) {
  const may = useMay();
  const [open, setOpen] = useState<CaseAct | null>(null);
  const mine = acts.filter(({ needs }) => may(needs));
  const publishes = may(distribute.publish) && gone(shown) === null && published(shown) === null;
  if (mine.length === 0) return null;
  const next = mine.find(
    ({ key }) => key === (may(owner.giveVerdict) ? ownersNext : nextFor)[shown.stage],
  );
  return (
    <div className="buttons no-print case-acts">
      {next === undefined ? null : (
        <Button kind="first" onPress={() => setOpen(next)}>
          {next.label}
        </Button>
      )}
      {publishes ? (
        <ButtonLink
          href={pathTo('publish', { case: shown.id })}
          kind={shown.stage === 'patch-verified' ? 'first' : 'plain'}
        >
          Publish
        </ButtonLink>
      ) : null}
      <Menu label="Act on this case">
        {mine.map((act) => (
          <MenuItem key={act.key} reason={act.hindrance(shown)} onPress={() => setOpen(act)}>
            {act.label}
          </MenuItem>
        ))}
      </Menu>
      {open === null ? null : (
        <Dialog open onClose={() => setOpen(null)} title={open.label} lede={open.lede}>
          <open.Form shown={shown} onDone={() => setOpen(null)} />
        </Dialog>
      )}
    </div>
  );
}

/** What usually comes next, by how far the case has come. */
const nextFor: Readonly<Record<Case['stage'], string | null>> = {
  received: 'reproduce',
  reproduced: 'invite',
  'with-owner': 'embargo',
  'patch-proposed': null,
  'patch-verified': null,
  published: null,
  merged: null,
};

/** The same for the owner. */
const ownersNext: typeof nextFor = {
  received: 'verdict',
  reproduced: 'verdict',
  'with-owner': 'patch',
  'patch-proposed': null,
  'patch-verified': null,
  published: null,
  merged: null,
};

function gone({ mergedInto }: Case): string | null {
  return mergedInto === null ? null : 'The case was merged into another.';
}

function over({ embargo }: Case): string | null {
  return embargo.state === 'ended' ? 'The embargo is over.' : null;
}

function published({ stage }: Case): string | null {
  return stage === 'published' ? 'The case is published.' : null;
}
