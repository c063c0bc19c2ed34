import { Link, type LinkProps } from '@tanstack/react-router';
import classes from './shell.module.css';

/** A page of a section. */
export interface SectionPage {
  to: NonNullable<LinkProps['to']>;
  name: string;
}

/** Links between the pages of a section, below its title. */
export function SectionLinks({ label, pages }: { label: string; pages: readonly SectionPage[] }) {
  return (
    <nav aria-label={label} className={classes.section}>
      {pages.map(({ to, name }) => (
        <Link
          key={to}
          to={to}
          className={classes.sectionLink}
          activeOptions={{ exact: true, includeSearch: false }}
          activeProps={{ 'data-active': true }}
        >
          {name}
        </Link>
      ))}
    </nav>
  );
}
