/** Digests and hashes in running text: 64 hex digits, or base64 of 32 bytes. */
const data = /([0-9a-f]{64}|[A-Za-z0-9+/]{43}=)/;

/** A sentence whose digests and hashes are set as data. */
export function DataText({ text }: { readonly text: string }) {
  const match = data.exec(text);
  if (match === null) return text;
  return (
    <>
      {text.slice(0, match.index)}
      <code>{match[0]}</code>
      <DataText text={text.slice(match.index + match[0].length)} />
    </>
  );
}
