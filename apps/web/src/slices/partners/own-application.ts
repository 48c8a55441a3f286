import type { Application } from '@breakwater/contract';

/** An application in the hands of whoever made it. */
export interface OwnProps {
  readonly application: Application;
  /** Of the applicant's link; null: as whoever is signed in. */
  readonly token: string | null;
}

/** What goes into a request so that it is the applicant's own. */
export function speaking(token: string | null): { readonly token?: string } {
  return token === null ? {} : { token };
}
