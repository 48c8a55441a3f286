interface SaveTextProps {
  readonly text: string;
  readonly fileName: string;
  readonly children: string;
}

/** Hands text that is already here to the browser to save. */
export function SaveText({ text, fileName, children }: SaveTextProps) {
  return (
    <a
      href={`data:application/octet-stream;charset=utf-8,${encodeURIComponent(text)}`}
      download={fileName}
    >
      {children}
    </a>
  );
}
