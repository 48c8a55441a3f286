/** An exception as a stack's first line names it. */
export interface Exception {
  /** `ValueError`, `java.lang.IllegalStateException`. */
  readonly name: string;
  readonly type: string;
}

/** Exceptions that tell of exhaustion; all others are uncaught exceptions. */
const kinds: Readonly<Record<string, string>> = {
  MemoryError: 'Out-of-memory',
  OutOfMemoryError: 'Out-of-memory',
  RecursionError: 'Stack-overflow',
  StackOverflowError: 'Stack-overflow',
};

const prefixes =
  /^(?:Exception in thread "[^"]{0,200}" |Unhandled exception: |Uncaught |\(node:\d{1,10}\) \w{1,60}: |\[?UnhandledPromiseRejection\w{0,20}: )/;
const named =
  /^([A-Za-z_$][\w$.]{0,200}(?:Error|Exception|Throwable|Interrupt|Exit|Warning|Failure))(?: \[\w{1,60}\])?(?::|$)/;

const anyName = /^([A-Za-z_$][\w$.]{0,200})(?: \[\w{1,60}\])?(?::|$)/;

/** Reads `ValueError: …` and its like; null for any other line. */
export function readException(line: string): Exception | null {
  const text = line.slice(0, 1_000).trimEnd();
  const bare = text.replace(prefixes, '');
  // Below these words every name is an exception's; elsewhere only what is called like one.
  const name = (bare === text ? named : anyName).exec(bare)?.[1];
  if (name === undefined) return null;
  const short = name.split('.').at(-1) ?? name;
  const deep = short === 'RangeError' && bare.includes('Maximum call stack size exceeded');
  return { name, type: deep ? 'Stack-overflow' : (kinds[short] ?? 'Uncaught exception') };
}

/** An exception of a Python program may have any name: it is the line after its stack. */
export function readPythonException(line: string): Exception | null {
  const name = anyName.exec(line.slice(0, 1_000).trimEnd())?.[1];
  if (name === undefined) return null;
  const short = name.split('.').at(-1) ?? name;
  return { name, type: kinds[short] ?? 'Uncaught exception' };
}
