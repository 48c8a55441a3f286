import { type Drawn, draw, type Picture, picture } from './picture.ts';
import { cut } from './range-chart.ts';
import { type AxisScale, linearScale, logScale, percent, timeScale } from './scale.ts';

/** One curve: shares from 0 to 1 at values above 0, in ascending order. */
export interface Curve {
  readonly name: string;
  /** What is told beside the name, such as where the curve meets a half. */
  readonly figure: string;
  readonly points: readonly { readonly x: number; readonly y: number }[];
}

export interface CurveChart {
  readonly title: string;
  readonly curves: readonly Curve[];
  /** `steps`: each share holds until the next point. */
  readonly form: 'smooth' | 'steps';
  /** What stands below, such as "tokens spent". */
  readonly across: string;
  /** `time`: minutes. */
  readonly scale: 'amount' | 'time';
  /** Shares at which a line is drawn across. */
  readonly marks?: readonly number[];
}

const [left, right, top, axis] = [44, 10, 10, 44];
const plotHeight = 240;
const legendRow = 20;
const pointsMax = 400;

/** Shares against something that grows; below them, which curve is whose. */
export function curveChart(chart: CurveChart, width: number): Picture {
  const { curves, title, marks = [] } = chart;
  const columns = width >= 560 ? 2 : 1;
  const bottom = top + plotHeight;
  const rows = Math.ceil(curves.length / columns);
  const height = bottom + axis + rows * legendRow + 6;
  const all = curves.flatMap(({ points }) => points.map(({ x }) => x)).filter((x) => x > 0);
  const [from, to] = [least(all), most(all)];
  const spread = to > from ? { from, to } : { from: from / 2, to: from * 2 };
  const scale = chart.scale === 'time' ? timeScale : logScale;
  const x = scale(spread, { from: left, to: width - right });
  const y = linearScale({ from: 0, to: 1 }, { from: bottom, to: top }, percent);
  const drawn = [
    ...axes({ x, y, width, bottom, across: chart.across }),
    ...marks.map((share) =>
      draw('line', {
        x1: left,
        x2: width - right,
        y1: y.at(share),
        y2: y.at(share),
        class: 'chart-mark',
      }),
    ),
    ...curves.map((curve, place) =>
      draw('path', { d: pathOf(curve, chart.form, { x, y }), class: curveClass(place) }),
    ),
    ...curves.map((curve, place) =>
      legend(curve, place, {
        x: left + (place % columns) * ((width - left - right) / columns),
        y: bottom + axis + Math.floor(place / columns) * legendRow,
        room: Math.floor((width - left - right) / columns / 7.4) - 5,
      }),
    ),
  ];
  const told = curves.map(({ name, figure }) => `${name} ${figure}`).join('; ');
  return picture({ width, height }, `${title}: ${told}`, drawn);
}

/** Eight colors, and three ways to draw each: no two of 24 curves look the same. */
function curveClass(place: number): string {
  return `chart-curve series-${place % 8} dash-${Math.floor(place / 8) % 3}`;
}

interface Axes {
  readonly x: AxisScale;
  readonly y: AxisScale;
  readonly width: number;
  readonly bottom: number;
  readonly across: string;
}

function axes({ x, y, width, bottom, across }: Axes): Drawn[] {
  const middle = (left + width - right) / 2;
  return [
    ...y.ticks.flatMap(({ value, words }) => [
      draw('line', {
        x1: left,
        x2: width - right,
        y1: y.at(value),
        y2: y.at(value),
        class: 'chart-grid',
      }),
      draw(
        'text',
        { x: left - 6, y: y.at(value) + 4, 'text-anchor': 'end', class: 'chart-tick' },
        words,
      ),
    ]),
    ...x.ticks.flatMap(({ value, words }) => [
      draw('line', { x1: x.at(value), x2: x.at(value), y1: top, y2: bottom, class: 'chart-grid' }),
      draw(
        'text',
        { x: x.at(value), y: bottom + 16, 'text-anchor': 'middle', class: 'chart-tick' },
        words,
      ),
    ]),
    draw(
      'text',
      { x: middle, y: bottom + 34, 'text-anchor': 'middle', class: 'chart-tick' },
      across,
    ),
  ];
}

function pathOf(
  { points }: Curve,
  form: CurveChart['form'],
  { x, y }: { readonly x: AxisScale; readonly y: AxisScale },
): string {
  const every = Math.max(1, Math.ceil(points.length / pointsMax));
  const kept = points.filter((_, place) => place % every === 0 || place === points.length - 1);
  const at = (value: number) => value.toFixed(1);
  return kept
    .filter((point) => point.x > 0)
    .map((point, place) => {
      const [px, py] = [at(x.at(point.x)), at(y.at(point.y))];
      if (place === 0) return `M${px} ${py}`;
      return form === 'steps' ? `H${px}V${py}` : `L${px} ${py}`;
    })
    .join('');
}

interface LegendPlace {
  readonly x: number;
  readonly y: number;
  readonly room: number;
}

function legend({ name, figure }: Curve, place: number, { x, y, room }: LegendPlace): Drawn {
  return draw(
    'g',
    {},
    draw('title', {}, `${name} ${figure}`),
    draw('path', { d: `M${x} ${y + 6}H${x + 24}`, class: curveClass(place) }),
    draw('text', { x: x + 32, y: y + 10, class: 'chart-name' }, cut(`${name}  ${figure}`, room)),
  );
}

function least(values: readonly number[]): number {
  return values.reduce((low, value) => Math.min(low, value), values[0] ?? 1);
}

function most(values: readonly number[]): number {
  return values.reduce((high, value) => Math.max(high, value), values[0] ?? 1);
}
