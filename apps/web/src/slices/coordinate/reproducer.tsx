import type { Case } from '@breakwater/contract';
import { owner } from '@breakwater/contract';
import { Command } from '../../ui/copy.tsx';
import { Section } from '../../ui/section.tsx';
import { Download } from '../session/download.tsx';
import { useMay } from '../session/me.ts';

/** First of all, for whoever has to mend it: how to see it with one's own eyes. */
export function Reproducer({ shown }: { readonly shown: Case }) {
  const may = useMay();
  if (shown.level === 'summary' || shown.recipe === null || !may(owner.reproducer)) return null;
  const fileName = `${shown.id}-reproducer.tar`;
  return (
    <Section
      id="reproducer"
      title="See it yourself"
      lede="The proofs, the recipe that builds the target, and the commands, in one archive. They run on your machine; nothing goes back to us."
    >
      <p className="files">
        <Download
          operation={owner.reproducer}
          input={{ params: { case: shown.id } }}
          fileName={fileName}
        >
          Download the reproducer
        </Download>
      </p>
      <Command text={`tar xf ${fileName} && cat README.md`} />
      <p className="small soft">
        A proof of concept is made to break software. Open it in a machine you can throw away.
      </p>
    </Section>
  );
}
