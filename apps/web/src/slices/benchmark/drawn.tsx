import type { Drawn, Picture } from '@breakwater/benchmark/report';
import type { ReactNode } from 'react';
import { createElement, useLayoutEffect, useRef, useState } from 'react';

interface DrawnChartProps {
  /** Draws the chart in a width, in pixels. */
  readonly at: (width: number) => Picture;
}

/** A chart as wide as its place, and drawn again when that changes. */
export function DrawnChart({ at }: DrawnChartProps) {
  const place = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  useLayoutEffect(() => {
    const found = place.current;
    if (found === null) return;
    const watch = new ResizeObserver(() => setWidth(Math.round(found.clientWidth)));
    watch.observe(found);
    return () => watch.disconnect();
  }, []);
  return (
    <div ref={place} className="drawn">
      {width < 40 ? null : element(at(Math.min(width, 900)).drawn, 0)}
    </div>
  );
}

function element({ tag, attributes, children }: Drawn, key: number): ReactNode {
  const named = Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => [reactName(name), value]),
  );
  const inside = children.map((child, at) =>
    typeof child === 'string' ? child : element(child, at),
  );
  return createElement(tag, { ...named, key }, ...inside);
}

/** React writes `text-anchor` as `textAnchor`, but leaves what begins with `aria-`. */
function reactName(name: string): string {
  if (name === 'class') return 'className';
  if (name.startsWith('aria-')) return name;
  return name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
}
