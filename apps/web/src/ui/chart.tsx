import type { PlotOptions } from '@observablehq/plot';
import { useEffect, useRef } from 'react';

type Plot = typeof import('@observablehq/plot');

interface ChartProps {
  /** What the chart shows, in a sentence with its figures: read instead of the picture. */
  readonly label: string;
  readonly height?: number;
  /** Describes the chart; called with the library when it has come. Must not change each time. */
  readonly describe: (plot: Plot) => PlotOptions;
}

/**
 * A chart by Observable Plot, fetched only where one is drawn, as wide as its place. Plot writes a
 * style element into its picture; it is taken out before the picture enters the page, since the
 * page's policy forbids it, and `kit.css` says the same.
 */
export function Chart({ label, height = 220, describe }: ChartProps) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const found = place.current;
    if (found === null) return;
    let left = false;
    let drawn = 0;
    let draw: (() => void) | null = null;
    const watch = new ResizeObserver(() => draw?.());
    watch.observe(found);
    void import('@observablehq/plot').then((plot) => {
      if (left) return;
      draw = () => {
        const width = Math.round(found.clientWidth);
        if (width === drawn || width === 0) return;
        drawn = width;
        const picture = plot.plot({ ...describe(plot), width, height, className: 'chart' });
        for (const style of picture.querySelectorAll('style')) style.remove();
        picture.setAttribute('aria-hidden', 'true');
        found.replaceChildren(picture);
      };
      draw();
    });
    return () => {
      left = true;
      watch.disconnect();
    };
  }, [describe, height]);
  return (
    <figure className="chart-place">
      <div ref={place} style={{ minHeight: height }} />
      <figcaption className="small soft">{label}</figcaption>
    </figure>
  );
}
