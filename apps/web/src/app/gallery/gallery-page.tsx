import type { ReactNode } from 'react';
import { useState } from 'react';
import type { Screen } from '../../slices/session/screen.ts';
import { Button, Buttons } from '../../ui/button.tsx';
import { Page } from '../../ui/page.tsx';
import { Section } from '../../ui/section.tsx';
import { FrameworkPart } from './framework-part.tsx';
import { DataPart, InputPart, MarksPart, OverPart, TextPart, TimePart } from './parts.tsx';

export const screen: Screen = { Page: GalleryPage };

const parts: readonly (readonly [
  id: string,
  title: string,
  lede: string,
  part: (props: { readonly scheme: string }) => ReactNode,
])[] = [
  [
    'text',
    'Text',
    'Five sizes, two weights, one measure. Color only where it says something.',
    TextPart,
  ],
  ['marks', 'Marks', 'A word first; its color repeats it.', MarksPart],
  ['time', 'Time', 'To the minute, with the zone, never a tick.', TimePart],
  ['input', 'Asking', 'One question under the other; what is wrong stands beside it.', InputPart],
  ['over', 'Over the page', 'Rarely: only for what has to be decided before going on.', OverPart],
  ['data', 'Data', 'Tables, long lists, charts, and what stands there before they come.', DataPart],
  [
    'framework',
    'The voluntary framework',
    'Acts that are always there, an interval against a threshold, days, what is owed, redlines.',
    FrameworkPart,
  ],
];

/** Every part of the kit, in both schemes side by side where there is room. */
function GalleryPage() {
  const [both, setBoth] = useState(true);
  return (
    <Page
      title="The kit"
      lede="Every part the screens are made of, in light and dark. The rules are in docs/design-language.md."
      actions={
        <Buttons>
          <Button onPress={() => setBoth(!both)}>{both ? 'One scheme' : 'Both schemes'}</Button>
        </Buttons>
      }
    >
      {parts.map(([id, title, lede, Part]) => (
        <Section key={id} id={id} title={title} lede={lede}>
          <div className={both ? 'gallery-both' : ''}>
            {(both ? (['light', 'dark'] as const) : [undefined]).map((scheme) => (
              <div key={scheme ?? 'own'} className={scheme === undefined ? '' : `scheme-${scheme}`}>
                <Part scheme={scheme ?? 'own'} />
              </div>
            ))}
          </div>
        </Section>
      ))}
    </Page>
  );
}
