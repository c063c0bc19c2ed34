import { SectionLinks } from '../shell/section-links.tsx';

const PAGES = [
  { to: '/notifications', name: 'Receivers' },
  { to: '/notifications/deliveries', name: 'Deliveries' },
] as const;

/** Pages about notifications. */
export function NotificationLinks() {
  return <SectionLinks label="Notifications" pages={PAGES} />;
}
