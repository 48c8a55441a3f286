interface RedlineProps {
  readonly parts: readonly {
    readonly change: 'same' | 'added' | 'removed';
    readonly text: string;
  }[];
}

/** A text with what went struck out and what came underlined, as counsel reads it. */
export function Redline({ parts }: RedlineProps) {
  const numbered = parts.map((part, at) => ({ ...part, key: at }));
  return (
    <p className="redline">
      {numbered.map(({ key, change, text }) => {
        if (change === 'removed') return <del key={key}>{text}</del>;
        if (change === 'added') return <ins key={key}>{text}</ins>;
        return <span key={key}>{text}</span>;
      })}
    </p>
  );
}
