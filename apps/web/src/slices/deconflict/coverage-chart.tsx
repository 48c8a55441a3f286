import { useCallback, useMemo, useRef } from 'react';
import { Chart } from '../../ui/chart.tsx';
import { countWords } from '../../ui/size.ts';
import type { Bar, CoverageItem, Line } from './coverage-rows.ts';
import { barsOf, laidOut, sightOf } from './coverage-rows.ts';

interface CoverageChartProps {
  readonly items: readonly CoverageItem[];
  readonly days: number;
  readonly onPick: (item: CoverageItem) => void;
}

type Plot = typeof import('@observablehq/plot');

const lineHeight = 30;

/** Targets under each other, days from left to right; a click on a bar takes it up. */
export function CoverageChart({ items, days, onPick }: CoverageChartProps) {
  const drawn = useMemo(() => {
    const sight = sightOf(items, days, Date.now());
    return { sight, ...laidOut(barsOf(items, sight)) };
  }, [items, days]);
  const pick = useRef(onPick);
  pick.current = onPick;
  const describe = useCallback(
    (plot: Plot) => pictureOf(plot, { ...drawn, onPick: (item) => pick.current(item) }),
    [drawn],
  );
  const { bars, lines } = drawn;
  const now = bars.filter(({ when }) => when === 'now').length;
  return (
    <div className="coverage-chart">
      <Chart
        key={`${lines.length} ${bars.length}`}
        label={`${countWords(lines.filter(({ name }) => name !== null).length, 'place')}: ${countWords(now, 'stretch', 'stretches')} covered now, ${bars.length - now} before or ahead. The table below says the same.`}
        height={lines.length * lineHeight + 70}
        describe={describe}
      />
      <ul className="coverage-key small soft">
        <li className="key-now">Covered now</li>
        <li className="key-ahead">Claimed ahead</li>
        <li className="key-nothing">Looked at, nothing found</li>
        <li className="key-other">Looked at</li>
        <li className="key-present">The present</li>
      </ul>
    </div>
  );
}

interface Picture {
  readonly sight: { readonly from: Date; readonly until: Date };
  readonly bars: readonly (Bar & { readonly line: string })[];
  readonly lines: readonly Line[];
  readonly onPick: (item: CoverageItem) => void;
}

function pictureOf(plot: Plot, { sight, bars, lines, onPick }: Picture) {
  const narrow = innerWidth < 700;
  return {
    marginLeft: narrow ? 8 : Math.min(320, longest(lines) * 7 + 16),
    marginTop: narrow ? 4 : 20,
    marginRight: 12,
    marginBottom: 36,
    x: { domain: [sight.from, sight.until], type: 'utc' as const, label: null, grid: true },
    y: {
      domain: lines.map(({ key }) => key),
      label: null,
      padding: narrow ? 0.5 : 0.35,
      axis: null,
    },
    marks: [
      plot.axisX({ anchor: 'bottom', ticks: narrow ? 4 : 8, label: null }),
      ...(narrow
        ? []
        : [
            plot.axisY({
              anchor: 'left',
              tickSize: 0,
              label: null,
              tickFormat: (key: string) => nameOf(lines, key),
            }),
          ]),
      plot.barX([...bars], {
        x1: 'from',
        x2: 'until',
        y: 'line',
        className: 'coverage-bars',
        fill: (bar: Bar) => fillOf(bar),
        insetTop: 1,
        insetBottom: 1,
        insetRight: 1,
        rx: 2,
        title: (bar: Bar) => `${bar.target}\n${bar.words}`,
        render: (index, scales, values, dimensions, context, next) => {
          const group = next?.(index, scales, values, dimensions, context) ?? null;
          for (const [at, bar] of [...(group?.querySelectorAll('rect') ?? [])].entries()) {
            const found = bars[index[at] ?? -1];
            if (found !== undefined) bar.addEventListener('click', () => onPick(found.item));
          }
          return group;
        },
      }),
      ...(narrow
        ? [
            plot.text([...lines], {
              y: (line: Line) => line.key,
              text: (line: Line) => nameOf(lines, line.key),
              frameAnchor: 'left',
              dy: -13,
            }),
          ]
        : []),
      plot.ruleX([Date.now()], { stroke: 'var(--color-fired)', strokeDasharray: '3 3' }),
    ],
  };
}

function fillOf({ when, outcome }: Bar): string {
  if (when === 'now') return 'var(--color-sea)';
  if (when === 'ahead') return 'color-mix(in srgb, var(--color-sea) 45%, var(--color-paper))';
  return outcome === 'nothing-found' ? 'var(--color-held)' : 'var(--color-ink-3)';
}

function longest(lines: readonly Line[]): number {
  return Math.max(8, ...lines.map(({ key }) => nameOf(lines, key).length));
}

const nameMax = 44;

/** Long names keep their end, which tells more of them. */
function nameOf(lines: readonly Line[], line: string): string {
  const name = lines.find(({ key }) => key === line)?.name ?? '';
  return name.length > nameMax ? `…${name.slice(1 - nameMax)}` : name;
}
