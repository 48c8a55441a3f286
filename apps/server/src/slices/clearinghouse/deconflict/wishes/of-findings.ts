import type { NotWanted } from '@breakwater/contract';
import type { Instant } from '@breakwater/kernel';
import { parseTarget } from '@breakwater/scope';
import type { Services } from '../../../../services.ts';
import { isHeld } from './decide.ts';
import { speaksOf } from './not-vulnerability.ts';
import { saidIn } from './said.ts';
import { wishesAbout } from './store.ts';

/** A finding as far as it is known before it is handed in. */
export interface Draft {
  readonly package: string | null;
  readonly weakness: string | null;
  readonly location: { readonly path: string } | null;
}

/** More words of owners beside one finding than anybody reads. */
const shownMax = 20;

/**
 * DCF-57: what owners say that they do not take for a vulnerability and that fits a finding, by its
 * place among `drafts`. To be shown before it is handed in; it stops nobody.
 */
export async function saidOfFindings(
  services: Services,
  drafts: readonly Draft[],
  now: Instant,
): Promise<NotWanted[]> {
  const found: NotWanted[] = [];
  for (const [draft, each] of drafts.entries()) {
    const { weakness, location } = each;
    const target = each.package === null ? null : parseTarget(each.package);
    if (target?.ok !== true) continue;
    const rows = await services.database.read((r) => wishesAbout(r, target.value));
    // What was said of a part of a package may not be meant for the finding: its path tells.
    const about = rows.filter((row) => isHeld(row, now));
    for (const row of about.slice(0, shownMax)) {
      const said = await saidIn(services.content, row.said_content);
      const path = location?.path ?? null;
      for (const entry of said?.notVulnerabilities ?? []) {
        if (!speaksOf(entry, { weakness, path })) continue;
        const { words, weakness: of, path: pattern } = entry;
        found.push({ draft, target: row.target, weakness: of, path: pattern, words });
      }
    }
  }
  return found.slice(0, shownMax * Math.max(1, drafts.length));
}
