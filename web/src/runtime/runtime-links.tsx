import { SectionLinks } from '../shell/section-links.tsx';

const PAGES = [
  { to: '/runtime', name: 'What runs' },
  { to: '/runtime/containers', name: 'Containers' },
  { to: '/runtime/clusters', name: 'Clusters read by the server' },
  { to: '/runtime/agents', name: 'Agents' },
] as const;

/** Pages about the runtime. */
export function RuntimeLinks() {
  return <SectionLinks label="Runtime" pages={PAGES} />;
}
