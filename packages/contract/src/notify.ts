import { z } from 'zod';
import { operation, roles } from './operation.ts';

/** What a member may be told of by mail, as far as it may choose. */
export const tidings = ['case', 'notice', 'message'] as const;
export type Tiding = (typeof tidings)[number];

/** How soon after it happened a mail goes out. */
export const frequencies = ['immediately', 'daily', 'weekly', 'never'] as const;
export type Frequency = (typeof frequencies)[number];

const Frequency = z.enum(frequencies);

/** An hour of the day on a clock of the member's zone. */
const TimeOfDay = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'expected a time of day such as 22:00');

/** When and of what a member is told by mail. About its own sign-in a member is always told. */
export const MailPreferences = z.object({
  /** A case needs you or has moved. */
  case: Frequency,
  /** Something you run is affected. */
  notice: Frequency,
  /** Somebody wrote in a case. */
  message: Frequency,
  /** IANA name of the zone whose clock all hours below are read on. */
  zone: z.string(),
  /** When a digest goes out. */
  digestAt: TimeOfDay,
  /** The day of a weekly digest; 1 is Monday (ISO 8601). */
  digestDay: z.number().int().min(1).max(7),
  /** No mail in between; over midnight where `from` is the later one. null: at any hour. */
  quiet: z.object({ from: TimeOfDay, until: TimeOfDay }).nullable(),
});
export type MailPreferences = z.infer<typeof MailPreferences>;

export const notify = {
  preferences: operation({
    id: 'notify.preferences',
    method: 'GET',
    path: '/v1/mail-preferences',
    summary: 'When and of what you are told by mail',
    callers: roles,
    output: MailPreferences.extend({
      /** False: no mail leaves this installation, or you gave no address. */
      reachable: z.boolean(),
    }),
    refusals: { 'sign-in-needed': 403 },
  }),
  setPreferences: operation({
    id: 'notify.set-preferences',
    method: 'POST',
    path: '/v1/mail-preferences',
    summary: 'Choose when and of what you are told by mail',
    callers: roles,
    body: z.strictObject({
      ...MailPreferences.shape,
      zone: z.string().min(1).max(64),
      quiet: z.strictObject({ from: TimeOfDay, until: TimeOfDay }).nullable(),
    }),
    output: MailPreferences,
    refusals: { 'sign-in-needed': 403, 'zone-unknown': 422 },
  }),
};
