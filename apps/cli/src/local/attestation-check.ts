import { createPublicKey, verify } from 'node:crypto';
import path from 'node:path';
import type { Verifier } from '@breakwater/formats/dsse';
import { bytesToHex, digestOf, fromBase64, sha256 } from '@breakwater/kernel';
import { type Attestation, checkAttestation, statementOf } from '@breakwater/proof';
import { z } from 'zod';
import { argument, type Context, type Given } from '../command.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { fileLimits, readInput, readRegular } from '../files.ts';
import { Json, optionsOf } from '../options.ts';
import { Stop } from '../stop.ts';
import type { Terminal } from '../terminal.ts';

const Options = z.object({ ...Json, key: z.string(), file: z.array(z.string()).default([]) });

/** What GET /keys/attestation answers with. */
const PublishedKeys = z.object({ keys: z.array(z.object({ publicKey: z.string() })).max(1_000) });

interface NamedFile {
  readonly file: string;
  readonly digest: string;
  /** null: the attestation does not speak about it. */
  readonly subject: string | null;
}

/** `attestation check`: good where a key signed it and it speaks about every given file. */
export async function runAttestationCheck(given: Given, context: Context): Promise<ExitCode> {
  const options = optionsOf(Options, given);
  const bytes = await readInput(argument(given, 0), fileLimits.request, context.stdin);
  const keys = await verifiersOf(options.key);
  const checked = await checkAttestation(jsonOf(bytes), keys);
  if (!checked.ok) {
    const { refusal } = checked;
    if (options.json) context.terminal.json({ holds: false, refusal });
    context.terminal.say(`does not hold (${refusal.code}): expected ${refusal.expected},`);
    context.terminal.say(`got ${refusal.got}; ${refusal.todo}`);
    return exitCodes.bad;
  }
  const attestation = checked.value;
  const files = await filesOf(options.file, attestation);
  const holds = files.every(({ subject }) => subject !== null);
  if (options.json) context.terminal.json({ holds, files, ...attestation });
  else print(attestation, { holds, files }, context.terminal);
  return holds ? exitCodes.good : exitCodes.bad;
}

function print(
  { kind, predicate }: Attestation,
  { holds, files }: { readonly holds: boolean; readonly files: readonly NamedFile[] },
  terminal: Terminal,
): void {
  terminal.line(`${holds ? 'holds       ' : 'DOES NOT HOLD'} ${kind} attestation`);
  terminal.line(`verdict      ${predicate.verdict}`);
  for (const { text, code } of predicate.reasons) terminal.line(`because      ${text} (${code})`);
  terminal.line(`package      ${predicate.package}`);
  terminal.line(`concluded    ${predicate.concludedAt}`);
  terminal.line(`recipe       ${predicate.recipe}`);
  const { driver, version, tier, networkDenied } = predicate.sandbox;
  terminal.line(
    `sandbox      ${tier}: ${driver} ${version}, network ${networkDenied ? 'denied' : 'open'}`,
  );
  for (const { file, digest, subject } of files) {
    terminal.line(`file         ${file}: ${subject ?? 'not spoken about'} (${digest})`);
  }
}

async function filesOf(names: readonly string[], attestation: Attestation): Promise<NamedFile[]> {
  const subjects = new Map(
    statementOf(attestation).subject.map((s) => [`sha256:${s.digest.sha256}`, s.name]),
  );
  const files: NamedFile[] = [];
  for (const name of names) {
    const digest = digestOf(await readRegular(name, fileLimits.text));
    files.push({ file: path.basename(name), digest, subject: subjects.get(digest) ?? null });
  }
  return files;
}

/** Ed25519 verifiers: from base64 as given, or out of a file. */
async function verifiersOf(given: string): Promise<readonly Verifier[]> {
  const direct = rawKey(given);
  if (direct !== null) return [verifierOf(direct)];
  const bytes = await readRegular(given, fileLimits.request);
  const text = new TextDecoder().decode(bytes).trim();
  const published = text.startsWith('{') ? PublishedKeys.safeParse(jsonOf(bytes)) : null;
  const encoded = published?.success
    ? published.data.keys.map(({ publicKey }) => publicKey)
    : text.split(/\s+/);
  const keys = encoded.map(rawKey).filter((key) => key !== null);
  if (keys.length === 0 || keys.length < encoded.length) throw new Stop(keyMalformed(given));
  return keys.map(verifierOf);
}

function rawKey(text: string): Uint8Array | null {
  const bytes = fromBase64(text.trim());
  return bytes?.length === 32 ? bytes : null;
}

function verifierOf(raw: Uint8Array): Verifier {
  // RFC 8037: an Ed25519 public key as a JSON Web Key.
  const jwk = { kty: 'OKP', crv: 'Ed25519', x: Buffer.from(raw).toString('base64url') };
  const key = createPublicKey({ key: jwk, format: 'jwk' });
  return {
    keyid: bytesToHex(sha256(raw)).slice(0, 16),
    verify: (message, signature) => verify(null, message, key, signature),
  };
}

function jsonOf(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw new Stop({
      code: 'json-malformed',
      expected: 'a file in JSON, in UTF-8',
      got: 'something else',
      todo: 'give the file as the server gave it',
    });
  }
}

function keyMalformed(got: string) {
  return {
    code: 'key-malformed',
    expected: 'an Ed25519 public key: base64 of 32 bytes, or a file with such keys',
    got,
    todo: 'take it from /keys/attestation of the server that issued the attestation, once, and keep it',
  };
}
