import type { Me } from '@breakwater/contract';
import { session } from '@breakwater/contract';
import { useServer } from '../slices/session/server.ts';
import { Menu, MenuItem, MenuLine, MenuLink } from '../ui/menu.tsx';
import { pathOf } from './paths.ts';
import { ThemeItem } from './theme-item.tsx';
import { WhoIsHere } from './who-is-here.tsx';

/** Who is here, and what concerns only them. */
export default function Account({ me, onHelp }: { readonly me: Me; readonly onHelp: () => void }) {
  const client = useServer();
  async function signOut(): Promise<void> {
    await client.call(session.signOut).catch(() => {});
    // A whole new page: nothing of what was read stays in memory.
    location.assign(pathOf('signIn'));
  }
  return (
    <Menu className="bar-party" label={<WhoIsHere me={me} />} startOpen>
      <MenuLink href={pathOf('account')}>Your account</MenuLink>
      <MenuItem onPress={onHelp}>Keyboard</MenuItem>
      <ThemeItem />
      <MenuLine />
      <MenuItem onPress={() => void signOut()}>Sign out</MenuItem>
    </Menu>
  );
}
