import type { Embargo } from '@breakwater/contract';
import { Clock } from '../../ui/clock.tsx';
import { localZone, useNow } from '../../ui/moment.tsx';
import { clockOf } from './clock.ts';

/** One clock per case, with an hour and a zone. */
export function EmbargoClock({ embargo }: { readonly embargo: Embargo }) {
  const clock = clockOf(embargo, useNow(30_000), localZone());
  if (embargo.state === 'until') {
    const { endsAt, zone } = embargo;
    return <Clock title="Embargo" at={endsAt} zone={zone} over="The hour has come" />;
  }
  return (
    <section className={`embargo tone-${clock.tone}`} aria-labelledby="embargo-title">
      <h2 id="embargo-title" className="rail-title">
        Embargo
      </h2>
      <p className="embargo-figure num">{clock.headline}</p>
      {clock.lines.map((line) => (
        <p key={line} className="small soft num">
          {line}
        </p>
      ))}
    </section>
  );
}
