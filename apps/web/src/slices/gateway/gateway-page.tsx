import { gateway } from '@breakwater/contract';
import { pathOf } from '../../app/paths.ts';
import { Page } from '../../ui/page.tsx';
import { Tabs } from '../../ui/tabs.tsx';
import { useGo } from '../session/go.ts';
import type { Address, Screen } from '../session/screen.ts';
import { begin } from '../session/server.ts';
import { AllotmentsTab } from './allotments-tab.tsx';
import { CutsTab } from './cuts-tab.tsx';
import { IncidentsTab } from './incidents-tab.tsx';
import { Keys } from './keys.tsx';
import { Requests } from './requests.tsx';
import { TemplatesTab } from './templates-tab.tsx';
import { TrafficTab } from './traffic-tab.tsx';
import { UpstreamsTab } from './upstreams-tab.tsx';

export const screen: Screen = {
  load: (reader) => begin(reader, gateway.traffic),
  Page: GatewayPage,
};

/** What is called of a developer's models through the gateway, and every hand on it. */
function GatewayPage({ search }: Address) {
  const go = useGo();
  const tabs = [
    { key: 'traffic', label: 'Traffic', content: <TrafficTab search={search} /> },
    {
      key: 'keys',
      label: 'Keys',
      content: (
        <Keys
          mine={() => true}
          none="No key stands on a model of yours."
          caption="Keys on your models"
        />
      ),
    },
    { key: 'requests', label: 'Requests', content: <Requests side="developer" gkey={null} /> },
    { key: 'incidents', label: 'Incidents', content: <IncidentsTab /> },
    { key: 'cut', label: 'Cut off', content: <CutsTab /> },
    { key: 'limits', label: 'Limits', content: <AllotmentsTab /> },
    { key: 'jobs', label: 'Jobs', content: <TemplatesTab /> },
    { key: 'endpoints', label: 'Endpoints', content: <UpstreamsTab /> },
  ];
  const show = tabs.find(({ key }) => key === search['show'])?.key ?? 'traffic';
  return (
    <Page
      title="Gateway"
      lede="What your models are called for, by whom, within which limits; and how it is ended at once."
    >
      <Tabs
        label="Gateway"
        tabs={tabs}
        value={show}
        onChange={(key) =>
          go(pathOf('gateway', { show: key === 'traffic' ? undefined : key }), { replace: true })
        }
      />
    </Page>
  );
}
