import { AppShell, Burger, Group } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { Outlet, useRouterState } from '@tanstack/react-router';
import { useEffect } from 'react';
import { sessionOperations } from '#contract/session.ts';
import { useOperation } from '../api/operation-query.ts';
import { SessionContext } from '../session/session.ts';
import { Answer } from '../states/answer.tsx';
import { ErrorBoundary } from '../states/error-boundary.tsx';
import { ColorSchemeButton } from '../theme/color-scheme-button.tsx';
import { AccountSwitcher } from './account-switcher.tsx';
import { Navigation } from './navigation.tsx';
import classes from './shell.module.css';
import { UserMenu } from './user-menu.tsx';

/** Frame of every page but sign-in: navigation, account, theme, user. */
export function Shell() {
  const session = useOperation(sessionOperations.get_session, {}, { staleMs: 60_000 });
  const [open, { toggle, close }] = useDisclosure(false);
  const path = useRouterState({ select: (state) => state.location.pathname });
  // biome-ignore lint/correctness/useExhaustiveDependencies: going somewhere closes the menu of small screens
  useEffect(close, [path]);
  return (
    <Answer of={session} what="Signing in">
      {(user) => (
        <SessionContext value={user}>
          <a className="skip-link" href="#content">
            Skip to the content
          </a>
          <AppShell
            header={{ height: 56 }}
            navbar={{ width: 216, breakpoint: 'md', collapsed: { mobile: !open } }}
            padding={{ base: 'sm', sm: 'lg' }}
            layout="alt"
          >
            <AppShell.Header className={classes.header}>
              <Group gap="sm" wrap="nowrap">
                <Burger opened={open} onClick={toggle} hiddenFrom="md" size="sm" aria-label="Navigation" />
                <span className={classes.smallBrand}>Windlass</span>
              </Group>
              <Group gap="xs" wrap="nowrap">
                <AccountSwitcher />
                <ColorSchemeButton />
                <UserMenu />
              </Group>
            </AppShell.Header>
            <AppShell.Navbar className={classes.nav}>
              <Navigation onClose={close} />
            </AppShell.Navbar>
            <AppShell.Main id="content" className={classes.main} tabIndex={-1}>
              <ErrorBoundary resetKey={path}>
                <Outlet />
              </ErrorBoundary>
            </AppShell.Main>
          </AppShell>
        </SessionContext>
      )}
    </Answer>
  );
}
