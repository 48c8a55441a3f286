import { Page } from '../../ui/page.tsx';
import { Tabs } from '../../ui/tabs.tsx';
import { useGo } from '../session/go.ts';
import type { Address, Screen } from '../session/screen.ts';
import { FiguresView } from './figures-view.tsx';
import { LogView } from './log-view.tsx';
import { OpenPlace } from './open-place.tsx';
import { addressOf, placeOf } from './place.ts';
import { PlanView } from './plan-view.tsx';

export const screen: Screen = { Page: BenchmarkPage };

/** Logs of evaluations, what runs show, and how many tasks a plan needs: all of it in the browser. */
function BenchmarkPage({ search }: Address) {
  const place = placeOf(search);
  const go = useGo();
  return (
    <Page
      title="Benchmark"
      lede="Read transcripts of evaluations, see what runs show of models, and plan how many tasks it takes. Files that you open stay in this browser."
    >
      {place.show === 'plan' ? null : <OpenPlace place={place} />}
      <Tabs
        label="Benchmark"
        value={place.show}
        onChange={(key) => go(addressOf(placeOf({ show: key })), { replace: true })}
        tabs={[
          { key: 'logs', label: 'Logs', content: <LogView place={place} /> },
          { key: 'figures', label: 'Figures', content: <FiguresView /> },
          { key: 'plan', label: 'Plan', content: <PlanView /> },
        ]}
      />
    </Page>
  );
}
