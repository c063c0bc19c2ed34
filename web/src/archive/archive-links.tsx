import { useMay } from '../session/session.ts';
import { SectionLinks } from '../shell/section-links.tsx';

const PAGES = [
  { to: '/archive', name: 'Archived images' },
  { to: '/archive/rules', name: 'Archive rules' },
] as const;

/** Pages about images that are put away or deleted. */
export function ArchiveLinks() {
  const system = useMay('getArtifactLifecyclePolicy', 'system');
  return (
    <SectionLinks
      label="Archive"
      pages={system ? [...PAGES, { to: '/archive/lifecycle', name: 'Lifecycle policies' }] : PAGES}
    />
  );
}
