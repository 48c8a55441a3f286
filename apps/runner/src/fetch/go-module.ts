import { existsSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Source } from '@breakwater/proof';
import { z } from 'zod';
import type { Download } from './fetch-source.ts';
import { runTool } from './tool.ts';

const Downloaded = z.object({ Zip: z.string().min(1) });

/**
 * Downloads one module's zip by the `go` of the host, from the proxies that it is set to and from
 * nowhere else: asked directly, a module's path is a host's name or address, behind this machine
 * too, and what answers there names a repository that `go` would run git on.
 */
export async function downloadGoModule(
  source: Extract<Source, { kind: 'go' }>,
  folder: string,
  signal?: AbortSignal,
): Promise<Download> {
  const wanted = `${source.module}@${source.version}`;
  if (!existsSync('/usr/bin/go')) {
    return { problem: `go mod download ${wanted}: go is missing: apt-get install golang-go` };
  }
  const home = join(folder, 'go');
  await mkdir(home, { mode: 0o700 });
  const set = await runTool(['/usr/bin/go', 'env', 'GOPROXY'], { cwd: home, signal });
  // what it unpacks is made removable, no other toolchain is fetched, and the pin is the check
  const env = {
    GOPATH: home,
    GOFLAGS: '-modcacherw',
    GOTOOLCHAIN: 'local',
    GO111MODULE: 'on',
    GOSUMDB: 'off',
    GOPROXY: withoutDirect(set.stdout),
    GONOPROXY: 'none',
    GOVCS: '*:off',
  };
  const run = await runTool(['/usr/bin/go', 'mod', 'download', '-json', wanted], {
    cwd: home,
    signal,
    env,
  });
  const zip = run.ok ? zipOf(run.stdout) : null;
  if (zip === null) {
    await rm(home, { recursive: true, force: true });
    return { problem: `go mod download ${wanted}: ${run.problem || 'no zip came'}` };
  }
  return { file: zip };
}

/** The proxies up to `direct` (Go Modules Reference, "GOPROXY protocol"); `off`: none. */
function withoutDirect(proxies: string): string {
  return proxies.trim().replace(/(^|[,|])direct(?:[,|].*)?$/, '$1off') || 'off';
}

function zipOf(stdout: string): string | null {
  try {
    return Downloaded.parse(JSON.parse(stdout)).Zip;
  } catch {
    return null;
  }
}
