import { MenuItem } from '../ui/menu.tsx';
import { useTheme } from './theme.tsx';

/** The scheme, in a menu. */
export function ThemeItem() {
  const { words, turn } = useTheme();
  return <MenuItem onPress={turn}>{words}</MenuItem>;
}
