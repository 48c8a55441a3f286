import { pathOf } from '../../app/paths.ts';
import { ButtonLink } from '../../ui/button.tsx';
import { Page } from '../../ui/page.tsx';
import { Tabs } from '../../ui/tabs.tsx';
import { useGo } from '../session/go.ts';
import type { Address, Screen } from '../session/screen.ts';
import { Askers } from './desk/askers.tsx';
import { Conflicts } from './desk/conflicts.tsx';
import { Contests } from './desk/contests.tsx';
import { Lines } from './desk/lines.tsx';
import { PrecheckUse } from './desk/precheck-use.tsx';
import { Programs } from './desk/programs.tsx';
import { Stops } from './desk/stops.tsx';
import { Watched } from './desk/watched.tsx';

export const screen: Screen = { Page: ConflictsPage };

/** Who keeps whom from looking, who claims the same target, who asks very often. */
function ConflictsPage({ search }: Address) {
  const go = useGo();
  const show = tabs.find(({ key }) => key === search['show'])?.key ?? 'conflicts';
  return (
    <Page
      title="Conflicts"
      lede="Where claims meet, what is held and not used, whose target is whose. Parties see what is covered; who covers it only you see here."
      actions={<ButtonLink href={pathOf('coverage')}>Coverage</ButtonLink>}
    >
      <Tabs
        label="What to look at"
        value={show}
        onChange={(key) => go(pathOf('conflicts', key === 'conflicts' ? {} : { show: key }))}
        tabs={tabs}
      />
    </Page>
  );
}

const tabs = [
  { key: 'conflicts', label: 'Refused', content: <Conflicts /> },
  { key: 'unused', label: 'Held and unused', content: <Watched show="unused" /> },
  { key: 'live', label: 'All claims', content: <Watched show="live" /> },
  { key: 'line', label: 'In line', content: <Lines /> },
  { key: 'owners', label: 'Whose target', content: <Contests /> },
  { key: 'stops', label: 'Stops', content: <Stops /> },
  { key: 'askers', label: 'Who asks', content: <Askers /> },
  { key: 'precheck', label: 'Pre-check', content: <PrecheckUse /> },
  { key: 'programs', label: 'Programs', content: <Programs /> },
];
