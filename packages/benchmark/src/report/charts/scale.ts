/** Where a value stands on a line of so many pixels. */
export interface AxisScale {
  readonly at: (value: number) => number;
  readonly ticks: readonly { readonly value: number; readonly words: string }[];
}

interface Extent {
  readonly from: number;
  readonly to: number;
}

/** A linear scale; `words` writes a tick. */
export function linearScale(values: Extent, pixels: Extent, words = plain): AxisScale {
  const { from, to } = values;
  const step = stepOf((to - from) / Math.max(2, Math.floor(length(pixels) / 90)));
  const ticks: AxisScale['ticks'][number][] = [];
  for (let place = Math.ceil(from / step - 1e-9); place * step <= to + step * 1e-9; place += 1) {
    ticks.push({ value: place * step, words: words(place * step) });
  }
  return { at: between(values, pixels), ticks };
}

/** A logarithmic scale over values above 0, with ticks at powers of ten, or closer where few fit. */
export function logScale(values: Extent, pixels: Extent, words = plain): AxisScale {
  const [low, high] = [Math.log10(values.from), Math.log10(values.to)];
  const at = between({ from: low, to: high }, pixels);
  const decades = high - low;
  const room = Math.max(2, Math.floor(length(pixels) / 64));
  const every = Math.max(1, Math.ceil(decades / room));
  const within = decades * 3 <= room ? [1, 2, 5] : [1];
  const ticks: AxisScale['ticks'][number][] = [];
  for (let power = Math.floor(low); power <= high; power += 1) {
    if (power % every !== 0) continue;
    for (const times of within) {
      const value = times * 10 ** power;
      if (value >= values.from * 0.999 && value <= values.to * 1.001) {
        ticks.push({ value, words: words(value) });
      }
    }
  }
  return { at: (value) => at(Math.log10(value)), ticks };
}

const second = 1 / 60;
const times = [second, 10 * second, 1, 10, 60, 480, 1440, 14_400, 144_000] as const;

/** A logarithmic scale of minutes, with ticks where people count time. */
export function timeScale({ from, to }: Extent, pixels: Extent): AxisScale {
  const at = between({ from: Math.log10(from), to: Math.log10(to) }, pixels);
  const ticks = times
    .filter((value) => value >= from && value <= to)
    .map((value) => ({ value, words: minutesWords(value) }));
  return { at: (value) => at(Math.log10(value)), ticks };
}

/** A number as a tick has it: 2,000,000 as 2M. */
export function plain(value: number): string {
  const size = Math.abs(value);
  if (size >= 1e6) return `${short(value / 1e6)}M`;
  if (size >= 1e3) return `${short(value / 1e3)}k`;
  return short(value);
}

/** Minutes as people say them. */
export function minutesWords(minutes: number): string {
  if (minutes >= 1440) return `${short(minutes / 1440)} d`;
  if (minutes >= 60) return `${short(minutes / 60)} h`;
  if (minutes >= 1) return `${short(minutes)} min`;
  return `${short(minutes * 60)} s`;
}

/** A share as percent. */
export function percent(share: number): string {
  return `${short(share * 100)} %`;
}

/** Three digits that count. */
export function short(value: number): string {
  const size = Math.abs(value);
  if (size >= 1e9 || (size > 0 && size < 1e-3)) return value.toExponential(1);
  return String(Number(value.toPrecision(3)));
}

function between({ from, to }: Extent, pixels: Extent): (value: number) => number {
  const share = to === from ? 0 : (pixels.to - pixels.from) / (to - from);
  const [low, high] = [Math.min(pixels.from, pixels.to), Math.max(pixels.from, pixels.to)];
  return (value) => Math.min(high, Math.max(low, pixels.from + (value - from) * share));
}

function length({ from, to }: Extent): number {
  return Math.abs(to - from);
}

/** 1, 2 or 5 times a power of ten, at least `least`. */
function stepOf(least: number): number {
  if (!(least > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(least));
  return ([1, 2, 5].find((times) => times * power >= least) ?? 10) * power;
}
