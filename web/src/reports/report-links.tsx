import { SectionLinks } from '../shell/section-links.tsx';

/** Pages about reports. */
export function ReportLinks() {
  return (
    <SectionLinks
      label="Reports"
      pages={[
        { to: '/reports', name: 'Prepared reports' },
        { to: '/reports/schedules', name: 'Scheduled queries' },
      ]}
    />
  );
}
