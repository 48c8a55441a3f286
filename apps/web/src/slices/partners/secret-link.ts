const own = 'breakwater-application-link';

/** Where this tab keeps the secret of a nomination. */
export const nominationSlot = 'breakwater-nomination';

/** The secret leaves the address at once, and stays in this tab so that reloading finds it. */
export function takeToken(slot: string): string | null {
  const given = location.hash.slice(1);
  if (given === '') return sessionStorage.getItem(slot);
  sessionStorage.setItem(slot, given);
  history.replaceState(history.state, '', location.pathname + location.search);
  return given;
}

/** The secret of the applicant's own link, out of the address or as this tab keeps it. */
export function takeOwnToken(): string | null {
  return takeToken(own);
}

/** The same, where the address is another page's. */
export function ownToken(): string | null {
  return sessionStorage.getItem(own);
}

export function forgetToken(slot: string): void {
  sessionStorage.removeItem(slot);
}
