import { ActionIcon, Menu, Text } from '@mantine/core';
import { IconLogout, IconUser } from '@tabler/icons-react';
import { useSession, useSignOut } from '../session/session.ts';
import { announceError } from '../states/announce.ts';

/** Who is signed in, and the way out. */
export function UserMenu() {
  const session = useSession();
  const signOut = useSignOut();
  return (
    <Menu position="bottom-end" width={230}>
      <Menu.Target>
        <ActionIcon variant="default" size="lg" aria-label={`User ${session.username}`}>
          <IconUser size={18} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <div style={{ padding: '0.5rem 0.75rem' }}>
          <Text fw={600} className="truncate">
            {session.username}
          </Text>
          <Text size="xs" c="dimmed" className="truncate">
            {session.is_admin ? 'Administrator' : 'User'} of {session.account_name}
          </Text>
        </div>
        <Menu.Divider />
        <Menu.Item
          leftSection={<IconLogout size={16} aria-hidden />}
          onClick={() => {
            signOut().catch((error: unknown) => announceError(error));
          }}
        >
          Sign out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
