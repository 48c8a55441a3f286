/** What a run is begun with, beside what the server is told. */
export interface RunWords {
  readonly folder: string;
  readonly isSealed: boolean;
  readonly api: 'openai' | 'anthropic';
  readonly endpoint: string;
  readonly model: string;
  readonly keyVariable: string;
  readonly epochs: string;
  readonly limits: Readonly<Partial<Record<'turns' | 'tokens' | 'seconds', number>>>;
  readonly server: string;
  readonly run: string;
}

/** The command that runs it at the evaluator's machine, in one line for a POSIX shell. */
export function runCommand(words: RunWords): string {
  const { folder, isSealed, keyVariable, epochs, limits } = words;
  const place = folder.replace(/(.)\/+$/u, '$1');
  const options: readonly (readonly [string, string | number | undefined])[] = [
    ['api', words.api],
    ['endpoint', words.endpoint],
    ['model', words.model],
    ['key-env', keyVariable === '' ? undefined : keyVariable],
    ['epochs', epochs === '1' ? undefined : epochs],
    ['limit-turns', limits.turns],
    ['limit-tokens', limits.tokens],
    ['limit-seconds', limits.seconds],
    ['sealed', isSealed ? `${place}.sealed.json` : undefined],
    ['server', words.server],
    ['run-id', words.run],
  ];
  const told = options.flatMap(([name, value]) =>
    value === undefined ? [] : [`--${name} ${quoted(String(value))}`],
  );
  return ['breakwater benchmark run', quoted(place), ...told].join(' ');
}

/** One word for the shell, whatever it holds; never one that reads as an option. */
function quoted(word: string): string {
  const one = word.startsWith('-') ? `./${word}` : word;
  return /^[A-Za-z0-9_./:@%+,=-]+$/u.test(one) ? one : `'${one.replaceAll("'", `'\\''`)}'`;
}
