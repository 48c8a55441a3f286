/** Options of every command that speaks to a server. */
export const serverOptions = {
  '--server <address>': 'the server; default BREAKWATER_SERVER, or http://127.0.0.1:8420',
  '--key <key>': 'your API key; better BREAKWATER_KEY, which no list of processes shows',
};

/** Of those that write. */
export const writeOptions = {
  ...serverOptions,
  '--idempotency-key <key>': 'the key of an earlier try, so that it is carried out once',
};

/** Of those that answer page by page. */
export const pageOptions = {
  '--after <cursor>': 'go on after an earlier page',
  '--limit <n>': 'items on a page, 1 to 200',
  ...serverOptions,
};
