import { type Drawn, draw, type Picture, picture } from './picture.ts';
import { cut, rangeWords } from './range-chart.ts';
import { type AxisScale, linearScale, short } from './scale.ts';

/** Models by ability above, tasks by difficulty below, on one line. */
export interface ItemMapChart {
  readonly models: readonly {
    readonly name: string;
    readonly value: number;
    readonly low: number;
    readonly high: number;
  }[];
  readonly difficulties: readonly number[];
}

const rowHeight = 34;
const side = 8;
const barsHeight = 90;
const foot = 44;

/** Where a model stands among the tasks: beneath its point, half of the tasks there succeed. */
export function itemMapChart({ models, difficulties }: ItemMapChart, width: number): Picture {
  const barsTop = models.length * rowHeight + 10;
  const bottom = barsTop + barsHeight;
  const all = [...models.flatMap(({ low, high }) => [low, high]), ...middle(difficulties)];
  const [from, to] = [Math.min(...all, -1), Math.max(...all, 1)];
  const scale = linearScale({ from, to }, { from: side, to: width - side }, short);
  const drawn = [
    ...scale.ticks.flatMap(({ value, words }) => tickAt(scale.at(value), { words, bottom, width })),
    ...models.map((model, place) => modelAt(model, { scale, width, place })),
    ...bars(difficulties, { from, to }, { scale, bottom }),
    draw(
      'text',
      { x: width / 2, y: bottom + 34, 'text-anchor': 'middle', class: 'chart-tick' },
      'tasks: easier left, harder right',
    ),
  ];
  const told = models.map((model) => `${model.name} ${rangeWords(model, short)}`).join('; ');
  const label = `Models by ability above ${difficulties.length} tasks by difficulty: ${told}`;
  return picture({ width, height: bottom + foot }, label, drawn);
}

/** All but the outermost: a task that nobody solved may lie beyond any scale. */
function middle(difficulties: readonly number[]): readonly number[] {
  const sorted = difficulties.filter(Number.isFinite).toSorted((a, b) => a - b);
  const away = Math.floor(sorted.length / 50);
  return [sorted[away], sorted[sorted.length - 1 - away]].filter((each) => each !== undefined);
}

function tickAt(
  x: number,
  { words, bottom, width }: { words: string; bottom: number; width: number },
): Drawn[] {
  const anchor = x < side + 14 ? 'start' : x > width - side - 14 ? 'end' : 'middle';
  return [
    draw('line', { x1: x, x2: x, y1: 0, y2: bottom, class: 'chart-grid' }),
    draw('text', { x, y: bottom + 16, 'text-anchor': anchor, class: 'chart-tick' }, words),
  ];
}

function modelAt(
  model: ItemMapChart['models'][number],
  { scale, width, place }: { scale: AxisScale; width: number; place: number },
): Drawn {
  const line = place * rowHeight + 24;
  const [low, high] = [scale.at(model.low), scale.at(model.high)];
  // The name goes to the side that has room.
  const isLeft = scale.at(model.value) > width / 2;
  const room = Math.floor((isLeft ? scale.at(model.value) : width - scale.at(model.value)) / 7.4);
  return draw(
    'g',
    { class: 'series series-0' },
    draw('title', {}, `${model.name}: ${rangeWords(model, short)}`),
    draw('line', { x1: low, x2: high, y1: line, y2: line, class: 'chart-range' }),
    draw('circle', { cx: scale.at(model.value), cy: line, r: 5, class: 'chart-point' }),
    draw(
      'text',
      {
        x: scale.at(model.value),
        y: line - 10,
        'text-anchor': isLeft ? 'end' : 'start',
        class: 'chart-name',
      },
      cut(model.name, room),
    ),
  );
}

function bars(
  difficulties: readonly number[],
  { from, to }: { readonly from: number; readonly to: number },
  { scale, bottom }: { readonly scale: AxisScale; readonly bottom: number },
): Drawn[] {
  const count = 24;
  const step = (to - from) / count;
  const counts = Array.from({ length: count }, () => 0);
  for (const difficulty of difficulties) {
    const place = Math.floor((difficulty - from) / step);
    const within = Math.min(count - 1, Math.max(0, Number.isNaN(place) ? 0 : place));
    counts[within] = (counts[within] ?? 0) + 1;
  }
  const tallest = Math.max(1, ...counts);
  return counts.flatMap((tasks, place) => {
    if (tasks === 0) return [];
    const x = scale.at(from + place * step);
    const width = Math.max(1, scale.at(from + (place + 1) * step) - x - 1);
    const height = (tasks / tallest) * (barsHeight - 6);
    const words = `${tasks} ${tasks === 1 ? 'task' : 'tasks'}`;
    return [
      draw(
        'rect',
        { x, y: bottom - height, width, height, class: 'chart-bar' },
        draw('title', {}, words),
      ),
    ];
  });
}
