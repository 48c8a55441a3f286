import { type Claim, type Client, claims } from '@breakwater/contract';
import { argument, type Context, type Given } from '../../command.ts';
import { exitCodes } from '../../exit-codes.ts';
import { Stop } from '../../stop.ts';
import { parse } from '../request.ts';
import { answered, lastingSession } from '../session.ts';
import { actsOf, endWords, hold } from './hold.ts';
import { here, momentText } from './moments.ts';

/** `claim watch`. */
export async function runWatch(given: Given, context: Context): Promise<number> {
  const renew = given.options['renew'] !== false;
  return await watchClaim(argument(given, 0), { renew }, { given, context });
}

/** `claim watch`, and `claim --watch`: holds a claim in the foreground until Ctrl-C. */
export async function watchClaim(
  id: string,
  { renew }: { readonly renew: boolean },
  { given, context }: { readonly given: Given; readonly context: Context },
): Promise<number> {
  const { terminal, signal } = context;
  const client = lastingSession(given, context);
  const claim = await readLive(client, id);
  terminal.say(
    `held until ${momentText(claim.until, here())}; Ctrl-C ends the watch, not the claim`,
  );
  const lost = await hold({ client, claim, renew, needsLeave: actsOf(claim) }, signal, terminal);
  if (lost === null) {
    terminal.say(`${claim.id} is still yours: breakwater claim release ${claim.id}`);
    return exitCodes.good;
  }
  terminal.say(`breakwater: CLAIM LOST: ${lost.why}`);
  terminal.say(`breakwater: stop working on it; ${lost.todo}`);
  if (given.options['json'] === true) terminal.json({ claim: claim.id, lost });
  return exitCodes.lost;
}

/** A claim that is held now; throws a `Stop` where it is not. */
export async function readLive(client: Client, id: string): Promise<Claim> {
  const params = parse(claims.get.params, { claim: id }, 'a claim');
  const claim = await answered(client.call(claims.get, { params }));
  if (claim.state === 'live') return claim;
  throw new Stop({
    code: 'claim-not-live',
    expected: 'a claim that is held now',
    got: `${id}: ${endWords(claim, here())}`,
    todo: claim.state === 'ahead' ? 'start it then' : 'claim it again',
  });
}
