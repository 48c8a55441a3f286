const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** How long what opens a door is good for, in milliseconds. */
export const lives = {
  /** A link that was asked for by mail. */
  requestedLink: 15 * minute,
  /** A link that the administrator hands to a member. */
  handedLink: day,
  invitation: 7 * day,
  /** The time a person has for touching an authenticator. */
  challenge: 5 * minute,
  /** A session that nobody uses. */
  sessionIdle: 12 * hour,
  /** A session, however busy. */
  session: 7 * day,
  /** The export of a party that left. */
  departure: 30 * day,
} as const;

/** How often a session that is used writes down that it was, at most. */
export const seenEveryMs: number = 5 * minute;
