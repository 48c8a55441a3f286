import type { ReactNode } from 'react';

interface SectionProps {
  readonly id: string;
  readonly title: string;
  /** One sentence that teaches what the section shows. */
  readonly lede: string;
  readonly children: ReactNode;
}

/** One part of a page, with a heading that can be linked to. */
export function Section({ id, title, lede, children }: SectionProps) {
  return (
    <section className="section" id={id} aria-labelledby={`${id}-title`}>
      <header className="section-head">
        <h2 id={`${id}-title`}>{title}</h2>
        <p className="soft">{lede}</p>
      </header>
      {children}
    </section>
  );
}
