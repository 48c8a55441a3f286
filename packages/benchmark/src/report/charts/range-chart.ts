import { type Drawn, draw, type Picture, picture } from './picture.ts';
import { type AxisScale, linearScale, timeScale } from './scale.ts';

/** One row: a figure with its interval; without one, a point alone. */
export interface RangeRow {
  readonly name: string;
  readonly value: number;
  readonly low: number | null;
  readonly high: number | null;
}

export interface RangeChart {
  /** What the rows show, such as "Accuracy by model". */
  readonly title: string;
  readonly rows: readonly RangeRow[];
  /** `time`: minutes, on a logarithmic scale. */
  readonly scale: 'linear' | 'time';
  /** Where the axis begins and ends at least. */
  readonly least?: { readonly from: number; readonly to: number };
  /** Where it ends at most: what lies beyond is drawn at its edge. */
  readonly within?: { readonly from: number; readonly to: number };
  /** A line across all rows, such as at no difference. */
  readonly mark?: number;
  readonly words: (value: number) => string;
}

/** With name and figure on one line; where they do not both fit, the figure takes a line of its own. */
const rowHeights = { one: 40, two: 58 } as const;
const foot = 26;
const side = 8;
/** Of a character of the labels, in pixels: names are cut where they would meet the figures. */
const characterWidth = 7.4;

/** Rows of figures with their intervals, each under its own name: as readable at 340 px as at 900. */
export function rangeChart(chart: RangeChart, width: number): Picture {
  const { rows, title, words } = chart;
  const isTight = rows.some((row) => roomFor(row, words, width) < row.name.length);
  const rowHeight = rowHeights[isTight ? 'two' : 'one'];
  const height = rows.length * rowHeight + foot;
  const scale = scaleOf(chart, width);
  const grid = scale.ticks.flatMap(({ value, words: text }): Drawn[] => {
    const x = scale.at(value);
    const anchor = x < side + 14 ? 'start' : x > width - side - 14 ? 'end' : 'middle';
    return [
      draw('line', { x1: x, x2: x, y1: 0, y2: height - foot + 4, class: 'chart-grid' }),
      draw('text', { x, y: height - 6, 'text-anchor': anchor, class: 'chart-tick' }, text),
    ];
  });
  const mark = chart.mark === undefined ? [] : [markAt(scale.at(chart.mark), height - foot)];
  const drawn = rows.map((row, place) =>
    rowAt(row, { scale, words, width, top: place * rowHeight, isTight }),
  );
  const told = rows.map((row) => `${row.name} ${rangeWords(row, words)}`).join('; ');
  return picture({ width, height }, `${title}: ${told}`, [...grid, ...mark, ...drawn]);
}

/** A figure with its interval in words. */
export function rangeWords(
  { value, low, high }: Omit<RangeRow, 'name'>,
  words: RangeChart['words'],
) {
  if (low === null || high === null) return words(value);
  return `${words(value)} (${words(low)} to ${words(high)})`;
}

function scaleOf({ rows, scale, least, within, words }: RangeChart, width: number): AxisScale {
  const all = rows
    .flatMap(({ value, low, high }) => [value, low ?? value, high ?? value])
    .filter((value) => Number.isFinite(value) && (scale === 'linear' || value > 0));
  const lowest = Math.min(...all, least?.from ?? Number.POSITIVE_INFINITY);
  const highest = Math.max(...all, least?.to ?? Number.NEGATIVE_INFINITY);
  const from = Math.max(lowest, within?.from ?? lowest);
  const to = Math.min(highest, within?.to ?? highest);
  const pixels = { from: side, to: width - side };
  if (!(to > from)) return linearScale({ from: from - 1, to: from + 1 }, pixels);
  return scale === 'time'
    ? timeScale({ from, to }, pixels)
    : linearScale({ from, to }, pixels, words);
}

function markAt(x: number, height: number): Drawn {
  return draw('line', { x1: x, x2: x, y1: 0, y2: height, class: 'chart-mark' });
}

interface RowPlace extends Pick<RangeChart, 'words'> {
  readonly scale: AxisScale;
  readonly width: number;
  readonly top: number;
  readonly isTight: boolean;
}

/** Characters that a name has beside its figure. */
function roomFor(row: RangeRow, words: RangeChart['words'], width: number): number {
  const said = rangeWords(row, words).length * characterWidth;
  return Math.floor((width - 2 * side - said) / characterWidth) - 1;
}

function rowAt(row: RangeRow, { scale, words, width, top, isTight }: RowPlace): Drawn {
  const below = isTight ? rowHeights.two - rowHeights.one : 0;
  const line = top + 28 + below;
  const said = rangeWords(row, words);
  const room = isTight ? Math.floor((width - 2 * side) / characterWidth) : row.name.length;
  const { low, high } = row;
  return draw(
    'g',
    { class: 'series series-0' },
    draw('title', {}, `${row.name}: ${said}`),
    draw('text', { x: side, y: top + 15, class: 'chart-name' }, cut(row.name, room)),
    draw(
      'text',
      { x: width - side, y: top + 15 + below, 'text-anchor': 'end', class: 'chart-figure' },
      said,
    ),
    ...(low === null || high === null
      ? []
      : [
          draw('line', {
            x1: scale.at(low),
            x2: scale.at(high),
            y1: line,
            y2: line,
            class: 'chart-range',
          }),
        ]),
    draw('circle', { cx: scale.at(row.value), cy: line, r: 5, class: 'chart-point' }),
  );
}

/** A text of at most so many characters. */
export function cut(text: string, charactersMax: number): string {
  const characters = Array.from(text);
  if (characters.length <= Math.max(4, charactersMax)) return text;
  return `${characters.slice(0, Math.max(3, charactersMax - 1)).join('')}…`;
}
