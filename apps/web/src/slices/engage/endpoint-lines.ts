import type { Engagement } from '@breakwater/contract';

type Endpoint = NonNullable<Engagement['endpoints']>[number];

/** One to a line: `name address`. */
export function endpointText(endpoints: readonly Endpoint[]): string {
  return endpoints.map(({ name, url }) => `${name} ${url}`).join('\n');
}

/** The endpoints that lines name, an address last in each; null: a line has another form. */
export function endpointsOf(text: string): Endpoint[] | null {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const found = lines.flatMap((line) => {
    const match = /^\s*(\S.*?)\s+(https?:\/\/\S+)\s*$/.exec(line);
    const [, name = '', url = ''] = match ?? [];
    return name !== '' && URL.canParse(url) ? [{ name, url }] : [];
  });
  return found.length === lines.length ? found : null;
}
