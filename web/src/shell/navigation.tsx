import { CloseButton } from '@mantine/core';
import {
  IconActivity,
  IconAdjustmentsCheck,
  IconArchive,
  IconBell,
  IconBoxSeam,
  IconBuildingWarehouse,
  IconClipboardCheck,
  IconClipboardList,
  IconDatabase,
  IconEye,
  IconFileCode,
  IconHeartRateMonitor,
  IconLayoutDashboard,
  IconReportAnalytics,
  IconSend,
  IconServer2,
  IconShieldCheck,
  IconUsers,
} from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useSession } from '../session/session.ts';
import classes from './shell.module.css';

const GROUPS = [
  {
    name: 'Findings',
    pages: [
      { to: '/overview', name: 'Overview', Icon: IconLayoutDashboard },
      { to: '/images', name: 'Images', Icon: IconBoxSeam },
      { to: '/runtime', name: 'Runtime', Icon: IconHeartRateMonitor },
      { to: '/alerts', name: 'Alerts', Icon: IconBell },
      { to: '/compliance', name: 'Compliance', Icon: IconClipboardCheck },
      { to: '/reports', name: 'Reports', Icon: IconReportAnalytics },
    ],
  },
  {
    name: 'Rules',
    pages: [
      { to: '/policies', name: 'Policies', Icon: IconShieldCheck },
      { to: '/corrections', name: 'Corrections and VEX', Icon: IconAdjustmentsCheck },
    ],
  },
  {
    name: 'News',
    pages: [
      { to: '/events', name: 'Events', Icon: IconActivity },
      { to: '/subscriptions', name: 'Subscriptions', Icon: IconEye },
      { to: '/notifications', name: 'Notifications', Icon: IconSend },
    ],
  },
  {
    name: 'Administration',
    pages: [
      { to: '/registries', name: 'Registries', Icon: IconBuildingWarehouse },
      { to: '/archive', name: 'Archive', Icon: IconArchive },
      { to: '/access', name: 'Users and keys', Icon: IconUsers },
      { to: '/audit', name: 'Audit log', Icon: IconClipboardList, admin: true },
      { to: '/feeds', name: 'Feeds and jobs', Icon: IconDatabase },
      { to: '/system', name: 'System', Icon: IconServer2 },
    ],
  },
] as const;

/** Links to the pages. */
export function Navigation({ onClose }: { onClose: () => void }) {
  const { is_admin } = useSession();
  return (
    <>
      <div className={classes.brand}>
        <Link to="/images" className={classes.brandLink}>
          <img src="/mark.svg" alt="" width={28} height={28} />
          Windlass
        </Link>
        <CloseButton onClick={onClose} hiddenFrom="md" aria-label="Close the navigation" className={classes.close} />
      </div>
      <nav aria-label="Pages" className={classes.links}>
        {GROUPS.map((group) => (
          <div key={group.name}>
            <div className={classes.groupName}>{group.name}</div>
            {group.pages
              .filter((page) => !('admin' in page) || is_admin)
              .map(({ to, name, Icon }) => (
                <Link key={to} to={to} className={classes.link} activeProps={{ 'data-active': true }}>
                  <Icon size={18} stroke={1.8} aria-hidden />
                  {name}
                </Link>
              ))}
          </div>
        ))}
      </nav>
      <a className={classes.link} href="/v2/docs" target="_blank" rel="noreferrer">
        <IconFileCode size={18} stroke={1.8} aria-hidden />
        API reference
      </a>
    </>
  );
}
