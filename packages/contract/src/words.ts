import {
  type Id,
  type IdKind,
  type Instant,
  parseId,
  parseInstant,
  tlpLabels,
} from '@breakwater/kernel';
import { z } from 'zod';

/** An id of `kind`, checked and branded. */
export function idOf<K extends IdKind>(kind: K) {
  return z
    .custom<Id<K>>((value) => typeof value === 'string' && parseId(kind, value) !== null, {
      message: `expected an id: ${kind}_ and 26 small letters and digits`,
    })
    .meta({ type: 'string', pattern: `^${kind}_[0-9a-hjkmnp-tv-z]{26}$` });
}

/** RFC 3339 with a zone on the way in, UTC inside. */
export const Moment = z
  .string()
  .max(40)
  .meta({ format: 'date-time' })
  .transform((text, context): Instant => {
    const instant = parseInstant(text);
    if (instant !== null) return instant;
    context.addIssue({
      code: 'custom',
      message: 'expected RFC 3339 with a zone, such as 2026-11-30T17:00:00-05:00',
    });
    return z.NEVER;
  });

/** An instant in an answer. */
export const At = z
  .custom<Instant>((v) => typeof v === 'string')
  .meta({ type: 'string', format: 'date-time' });

/** No NUL: PostgreSQL keeps none in text, and no word or version has one. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: the control character is what it refuses
export const withoutNul = /^[^\u0000]*$/; // oxlint-disable-line no-control-regex

/** A short line of text from outside. */
export const Line = z.string().trim().min(1).max(300).regex(withoutNul);

/**
 * Who somebody is to others: it stands in lists, terminals and published advisories. So nothing in
 * it hides, reorders or breaks the line, but for the joiners that some scripts are written with.
 */
export const Name = Line.regex(
  /^(?:[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cs}]|\u200c|\u200d)*$/u,
  'expected a name in one line, without control or direction characters',
).regex(/[\p{L}\p{N}]/u, 'expected a name with a letter or digit in it');

/** Text from outside: shown as quoted, never obeyed. */
export const Prose = z.string().min(1).max(100_000).regex(withoutNul);

/** Why a person decided so. */
export const Reason = z.string().trim().min(3).max(4_000);

/** Bytes as standard base64; at most 8 MiB when decoded. */
export const Base64 = z.base64().max(11_184_812);

export const TlpLabel = z.enum(tlpLabels);

/** A package URL without version, such as pkg:deb/debian/cjson. */
export const PackageUrl = z
  .string()
  .min(5)
  .max(512)
  .regex(/^pkg:[\x21-\x7e]+$/, 'expected a package URL');

/** How package URLs begin, such as pkg:npm/. */
export const PackagePrefix = z
  .string()
  .regex(/^pkg:[\x21-\x7e]{0,508}$/, 'expected the beginning of a package URL');

/** What a person types to find something; shorter than two characters finds nothing. */
export const SearchText = z.string().trim().min(2).max(100).regex(withoutNul);

/** A version as its ecosystem writes it: visible ASCII, no spaces, so that no prose hides in it. */
export const VersionText = z
  .string()
  .regex(/^[\x21-\x7e]{1,128}$/, 'expected a version: visible ASCII without spaces');

/** `sha256:` and 64 hex digits. */
export const DigestText = z.string().regex(/^sha256:[0-9a-f]{64}$/);

/** Who: a party, or one of the two that act without being one. */
export const PartyRef = z.object({
  id: z.union([idOf('party'), z.enum(['administrator', 'system'])]),
  name: z.string(),
});

/** A mail address (RFC 5321 bounds): one at sign, no space, no control character, no comment. */
export const MailAddress = z
  .string()
  .trim()
  .max(254)
  .regex(
    /^[^\s@<>()",;:\\[\]\p{C}]{1,64}@[^\s@<>()",;:\\[\]\p{C}]{1,189}$/u,
    'expected a mail address',
  );

/** The secret of a one-time link: 256 random bits in base64url. */
export const Token = z.string().regex(/^[A-Za-z0-9_-]{43}$/, 'expected the token of a link');
