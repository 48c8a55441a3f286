import { useState } from 'react';

interface CopyProps {
  readonly text: string;
  /** What is copied, for a screen reader. */
  readonly what: string;
}

/** Puts `text` on the clipboard and says whether that worked. */
export function CopyButton({ text, what }: CopyProps) {
  const [said, setSaid] = useState('');
  async function copy(): Promise<void> {
    try {
      await navigator.clipboard.writeText(text);
      setSaid('Copied');
    } catch {
      setSaid('Select and copy by hand');
    }
  }
  return (
    <button type="button" className="copy" onClick={() => void copy()}>
      <span aria-live="polite">{said === '' ? 'Copy' : said}</span>
      <span className="unseen"> {what}</span>
    </button>
  );
}

interface CommandProps {
  readonly text: string;
  /** What it is, where it is no command: a link, a key. */
  readonly what?: string;
}

/** One exact command, or another text that is carried away whole. */
export function Command({ text, what = 'the command' }: CommandProps) {
  return (
    <div className="command">
      <pre>
        <code>{text}</code>
      </pre>
      <CopyButton text={text} what={what} />
    </div>
  );
}
