import type { Id } from '@breakwater/kernel';

/**
 * The port by which a member is sent its sign-in link.
 *
 * Resolves once the message is accepted for delivery; rejects where it should be tried again. The
 * caller never tells an outsider which of the two happened, nor that it was called at all.
 */
export interface SignInMail {
  /** False: no mail leaves this installation, and links are handed over by the administrator. */
  readonly bound: boolean;
  sendSignInLink(member: Id<'member'>, url: string): Promise<void>;
}

/** For an installation without mail. */
export const noMail: SignInMail = {
  bound: false,
  sendSignInLink: async () => {},
};
