import { CopyButton } from './copy.tsx';

interface DigestProps {
  /** `sha256:` and 64 hex digits. */
  readonly value: string;
}

/** A digest, shortened for the eye, whole for copying, hovering and printing. */
export function Digest({ value }: DigestProps) {
  const [algorithm, hex = ''] = value.split(':');
  return (
    <span className="digest">
      <code title={value}>
        {algorithm}:{hex.slice(0, 12)}…
      </code>
      <CopyButton text={value} what="the whole digest" />
    </span>
  );
}
