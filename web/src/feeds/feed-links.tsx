import { SectionLinks } from '../shell/section-links.tsx';

const PAGES = [
  { to: '/feeds', name: 'In use' },
  { to: '/feeds/builds', name: 'Builds' },
  { to: '/feeds/providers', name: 'Providers' },
  { to: '/feeds/changes', name: 'What a build changed' },
] as const;

/** Pages about the vulnerability data. */
export function FeedLinks() {
  return <SectionLinks label="Feeds" pages={PAGES} />;
}
