import { CloseButton } from '@mantine/core';
import { IconBoxSeam, IconDatabase, IconFileCode, IconServer2, IconShieldCheck } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import classes from './shell.module.css';

const PAGES = [
  { to: '/images', name: 'Images', Icon: IconBoxSeam },
  { to: '/policies', name: 'Policies', Icon: IconShieldCheck },
  { to: '/feeds', name: 'Feeds and jobs', Icon: IconDatabase },
  { to: '/system', name: 'System', Icon: IconServer2 },
] as const;

/** Links to the pages. */
export function Navigation({ onClose }: { onClose: () => void }) {
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
        {PAGES.map(({ to, name, Icon }) => (
          <Link key={to} to={to} className={classes.link} activeProps={{ 'data-active': true }}>
            <Icon size={18} stroke={1.8} aria-hidden />
            {name}
          </Link>
        ))}
      </nav>
      <a className={classes.link} href="/v2/docs" target="_blank" rel="noreferrer">
        <IconFileCode size={18} stroke={1.8} aria-hidden />
        API reference
      </a>
    </>
  );
}
