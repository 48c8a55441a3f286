interface QuoteProps {
  readonly text: string;
  /** Whose words these are; read out to a screen reader and shown beneath a block. */
  readonly from?: string;
}

/** A line of text from outside, marked as quoted. React escapes it: it is never interpreted. */
export function Quote({ text }: QuoteProps) {
  return <q className="quote">{text}</q>;
}

/** A passage of text from outside, set apart and attributed. */
export function QuoteBlock({ text, from }: QuoteProps) {
  return (
    <figure className="quote-block">
      <blockquote>{text}</blockquote>
      {from === undefined ? null : <figcaption className="small faint">{from}</figcaption>}
    </figure>
  );
}

interface RawTextProps {
  readonly label: string;
  readonly text: string;
}

/** Longer machine text from outside, folded, verbatim. */
export function RawText({ label, text }: RawTextProps) {
  return (
    <details className="fold">
      <summary>{label}</summary>
      <pre className="raw">{text}</pre>
    </details>
  );
}
