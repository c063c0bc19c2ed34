import { useSession } from '../session/session.ts';
import { SectionLinks } from '../shell/section-links.tsx';

const PAGES = [
  { to: '/access', name: 'Users' },
  { to: '/access/keys', name: 'My API keys' },
] as const;
const ADMIN_PAGES = [
  { to: '/access/accounts', name: 'Accounts' },
  { to: '/access/identity-providers', name: 'Identity providers' },
] as const;

/** Pages about who may do what. */
export function AccessLinks() {
  const { is_admin } = useSession();
  return <SectionLinks label="Users and keys" pages={is_admin ? [...PAGES, ...ADMIN_PAGES] : PAGES} />;
}
