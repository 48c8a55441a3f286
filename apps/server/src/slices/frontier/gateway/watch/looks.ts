import type { GatewayMark } from '@breakwater/contract';

/**
 * One thing that texts are looked through for. Its time has to be linear in the text's length: it is
 * done while a request waits, on texts that anybody may send.
 */
export interface Look {
  readonly inRequest: GatewayMark | null;
  readonly inAnswer: GatewayMark | null;
  /** Whether the text holds one. */
  holds(text: string): boolean;
}

/**
 * Well-known forms of keys: a fixed beginning that says what it is, and a length. Each is as its
 * issuer documents it; a form without such a beginning is left out, since nothing tells it from
 * a digest.
 */
const secretForms: readonly string[] = [
  // Amazon Web Services: key ids of users and of sessions. Their documents' own end in EXAMPLE.
  '(?:AKIA|ASIA)[A-Z2-7]{9}(?!EXAMPLE)[A-Z2-7]{7}',
  // GitHub: classic, OAuth, user, server, refresh; and fine-grained.
  'gh[pousr]_[A-Za-z0-9]{36}',
  'github_pat_[A-Za-z0-9]{22}_[A-Za-z0-9]{59}',
  'glpat-[A-Za-z0-9_-]{20}',
  'xox[abeprs]-[0-9]{8,14}-[A-Za-z0-9-]{20,200}',
  'sk-ant-(?:api|admin)[0-9]{2}-[A-Za-z0-9_-]{80,120}',
  'sk-(?:proj|svcacct|admin)-[A-Za-z0-9_-]{40,200}',
  'AIza[A-Za-z0-9_-]{35}',
  'npm_[A-Za-z0-9]{36}',
  'pypi-AgEIcHlwaS5vcmc[A-Za-z0-9_-]{50,250}',
  'hf_[A-Za-z]{34}',
  '[sr]k_live_[A-Za-z0-9]{24,107}',
  'SG[.][A-Za-z0-9_-]{22}[.][A-Za-z0-9_-]{43}',
  'do[por]_v1_[a-f0-9]{64}',
  'AGE-SECRET-KEY-1[0-9A-Z]{58}',
  // Ours.
  'bwg_[A-Za-z0-9_-]{43}',
];
const secret = new RegExp(`(?:${secretForms.join('|')})(?![A-Za-z0-9])`, 'g');
const inWord = /[A-Za-z0-9_-]/;
/** RFC 7468; a key and not only its first line, which documents quote. */
const privateKey = /-----BEGIN (?:[A-Z0-9]{2,12} ){0,2}PRIVATE KEY-----[\s\\rn]{1,6}[\w+/=:,-]{16}/;

/** Keys of well-known forms. */
export const secrets: Look = {
  inRequest: 'secret-in-request',
  inAnswer: 'secret-in-answer',
  holds: (text) => holdsKey(text) || privateKey.test(text),
};

/** What a form begins in the middle of is a longer word; looking back at each place costs more. */
function holdsKey(text: string): boolean {
  for (const { index } of text.matchAll(secret)) {
    if (index === 0 || !inWord.test(text.charAt(index - 1))) return true;
  }
  return false;
}

/** Words that speak to a model past whoever it works for. English; a sign, and no more than that. */
const injectionForms: readonly string[] = [
  '(?:ignore|disregard|forget|override) (?:all |any |the |your |of |these |those ){0,4}' +
    '(?:previous|prior|preceding|above|earlier|existing|original) ' +
    '(?:instruction|prompt|direction|rule|guideline|command|message)s?',
  '(?:ignore|disregard|forget) (?:everything|all) (?:above|before this|you were told|said before)',
  '(?:reveal|print|repeat|output|show me|leak) (?:me )?(?:your|the) ' +
    '(?:full |entire |exact |hidden |initial ){0,2}system (?:prompt|message|instructions)',
  'you are (?:now )?(?:dan|in developer mode|no longer bound by)',
  'do not (?:tell|mention|reveal)(?: this)? to the user',
  // Marks of a conversation's turns, which no text from outside should bear.
  '<\\|(?:im_start|im_end|endoftext|start_header_id|eot_id|system|user|assistant)\\|>',
  '\\[/?inst\\]|<</?sys>>',
];
const injection = new RegExp(`(?:${injectionForms.join('|').replaceAll(' ', '\\s{1,8}')})`);

/** Prompt injection by its usual words, in what the holder or its tools hand to the model. */
export const injections: Look = {
  inRequest: 'injection-in-request',
  inAnswer: null,
  holds: (text) => injection.test(text.toLowerCase()),
};

/**
 * Text that people do not see and models read: Unicode's tag characters (but for the flags of
 * nations, which are made of them), and long runs of what has no width or turns direction.
 */
const tags = /(?<!\u{1F3F4}[\u{E0020}-\u{E007F}]{0,6})[\u{E0000}-\u{E007F}]{4}/u;
const without = /[\u200B\u2060-\u2064\u202A-\u202E\u2066-\u2069\uFEFF]{8}/;
/** The half of UTF-16 that every tag character begins with. */
const tagsBegin = '\uDB40';

export const hiddenTexts: Look = {
  inRequest: 'hidden-text-in-request',
  inAnswer: null,
  holds: (text) => without.test(text) || (text.includes(tagsBegin) && tags.test(text)),
};

/** What is looked for unless somebody adds to it. */
export const ownLooks: readonly Look[] = [secrets, injections, hiddenTexts];
