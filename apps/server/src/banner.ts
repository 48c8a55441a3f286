/** What a start has to tell the person at the terminal. */
export interface Started {
  /** The one address that people, their links and their passkeys use. */
  readonly url: string;
  /** Where clients reach the gateway; null: there is none in this process. */
  readonly gateway: string | null;
  readonly dataDirectory: string;
  readonly database: string;
  readonly sandbox: string;
  readonly mail: string;
  readonly checkerSha256: string;
  /** For the first coordinator; null once there is one. */
  readonly link: string | null;
}

/** The lines that a start prints once it serves. */
export function bannerOf(started: Started): readonly string[] {
  const { url, gateway, link } = started;
  return [
    '',
    `  Breakwater serves    ${url}`,
    ...(gateway === null ? [] : [`  the gateway          ${gateway}`]),
    `  data directory       ${started.dataDirectory}`,
    `  database             ${started.database}`,
    `  sandbox              ${started.sandbox}`,
    `  mail                 ${started.mail}`,
    `  offline checker      ${url}/checker.html  sha256 ${started.checkerSha256}`,
    link === null
      ? '  to let somebody in   npx breakwater admin link'
      : `  sign in, once        ${link}`,
    '  a key for programs   npx breakwater admin key --name "Your team" --role coordinator',
    '  to stop              press Ctrl-C',
    '',
  ];
}
