import type { Admits } from '@breakwater/contract';

/** Claims of an ID token whose signature, issuer, audience and nonce were checked. */
export type Claims = Readonly<Record<string, unknown>>;

const nameMax = 300;

/** Whether the claims show what the administrator asked for. */
export function isAdmitted(claims: Claims, admits: Admits): boolean {
  switch (admits.by) {
    case 'email-domain': {
      // An address that the issuer did not confirm is what the person typed.
      if (claims['email_verified'] !== true) return false;
      const { email } = claims;
      if (typeof email !== 'string' || email.length > 320) return false;
      const [, domain, ...more] = email.toLowerCase().split('@');
      return more.length === 0 && domain === admits.domain;
    }
    case 'claim': {
      const value = Object.hasOwn(claims, admits.name) ? claims[admits.name] : undefined;
      return Array.isArray(value) ? value.includes(admits.value) : value === admits.value;
    }
  }
}

/** The name that others shall know a new member by; "Member" where the issuer told none. */
export function nameIn(claims: Claims): string {
  const { name } = claims;
  if (typeof name !== 'string' || !name.isWellFormed()) return 'Member';
  // One line, no control characters: it is shown, and written into logs of terminals.
  const line = name.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ').trim();
  return line.slice(0, nameMax).toWellFormed() || 'Member';
}
