import { SectionLinks } from '../shell/section-links.tsx';

const PAGES = [
  { to: '/corrections', name: 'Corrections' },
  { to: '/corrections/vex', name: 'VEX documents' },
  { to: '/corrections/advisories', name: 'Private advisories' },
] as const;

/** Pages about what people know better than the data. */
export function CorrectionLinks() {
  return <SectionLinks label="Corrections and VEX" pages={PAGES} />;
}
