import { Anchor, Button } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconPlus } from '@tabler/icons-react';
import { useQueries } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { useMemo } from 'react';
import { samlOperations } from '#contract/saml.ts';
import { windlassSsoOperations } from '#contract/windlass-sso.ts';
import { AccessLinks } from '../access/access-links.tsx';
import { readOperation, useOperation } from '../api/operation-query.ts';
import { PageTitle } from '../shell/page-title.tsx';
import { Badge } from '../states/badge.tsx';
import { Nothing } from '../states/nothing.tsx';
import type { Column } from '../table/column.ts';
import { DataTable } from '../table/data-table.tsx';
import { KIND_NAMES, type Provider } from './provider.ts';
import { ProviderDialog } from './provider-dialog.tsx';
import { ProviderDrawer } from './provider-drawer.tsx';
import { SamlKeys } from './saml-keys.tsx';

const route = getRouteApi('/app/access/identity-providers');

const COLUMNS: readonly Column<Provider>[] = [
  {
    id: 'name',
    title: 'Provider',
    least: 130,
    value: ({ settings }) => settings.name,
    cell: ({ settings: { name } }) => (
      <Anchor
        size="sm"
        fw={600}
        renderRoot={(props) => <Link to="/access/identity-providers" search={{ provider: name }} {...props} />}
      >
        {name}
      </Anchor>
    ),
  },
  { id: 'kind', title: 'Kind', width: 150, from: 480, value: ({ kind }) => KIND_NAMES[kind] },
  {
    id: 'state',
    title: 'State',
    width: 84,
    value: ({ settings }) => (settings.enabled ? 'On' : 'Off'),
    cell: ({ settings: { enabled } }) => <Badge tone={enabled ? 'good' : 'unknown'}>{enabled ? 'On' : 'Off'}</Badge>,
  },
  {
    id: 'source',
    title: 'Issuer or metadata',
    least: 220,
    from: 800,
    value: ({ kind, settings }) => (kind === 'saml' ? (settings.idp_metadata_url ?? 'From a file') : settings.issuer),
  },
  {
    id: 'account',
    title: 'Account',
    width: 150,
    from: 1000,
    value: ({ settings }) => settings.default_account ?? settings.idp_account_attribute,
  },
  {
    id: 'role',
    title: 'Role',
    width: 150,
    from: 1100,
    value: ({ settings }) => settings.default_role ?? settings.idp_role_attribute,
  },
];

/** Providers of both kinds; undefined until all are read. */
function useProviders() {
  const names = useOperation(samlOperations.list_idps, {});
  const oidc = useOperation(windlassSsoOperations.list_oidc_providers, {});
  const saml = useQueries({
    queries: (names.data ?? []).map((name) => readOperation(samlOperations.get_idp, { params: { name } }, undefined)),
  });
  const read = saml.flatMap(({ data }) => data ?? []);
  const whole = names.data !== undefined && oidc.data !== undefined && read.length === saml.length;
  const key = JSON.stringify([read, oidc.data, whole]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key stands for what was read
  const providers = useMemo(
    () =>
      whole
        ? [
            ...read.map((settings): Provider => ({ kind: 'saml', settings })),
            ...(oidc.data?.items ?? []).map((settings): Provider => ({ kind: 'oidc', settings })),
          ]
        : undefined,
    [key],
  );
  const failed = [names, oidc, ...saml].find(({ error }) => error);
  const again = () => void Promise.all([names.refetch(), oidc.refetch(), ...saml.map((one) => one.refetch())]);
  return { providers, error: failed?.error, again };
}

/** Where users may sign in who have no password here. For administrators of the installation. */
export function ProvidersPage() {
  const { provider: shown } = route.useSearch();
  const navigate = useNavigate();
  const { providers, error, again } = useProviders();
  const [adding, add] = useDisclosure(false);
  const [editing, edit] = useDisclosure(false);
  const show = (name: string | undefined) =>
    void navigate({ to: '/access/identity-providers', search: name ? { provider: name } : {}, replace: true });
  const provider = providers?.find(({ settings }) => settings.name === shown);
  return (
    <>
      <PageTitle
        title="Users and keys"
        about="Systems that users sign in through, instead of with a password of this server."
      >
        <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={add.open}>
          Add provider
        </Button>
      </PageTitle>
      <AccessLinks />
      <DataTable
        label="Identity providers"
        columns={COLUMNS}
        rows={providers}
        rowKey={({ settings }) => settings.name}
        error={error}
        retry={again}
        sort={{ id: 'name', descending: false }}
        onRowClick={({ settings }) => show(settings.name)}
        maxHeight="max(16rem, calc(100dvh - 28rem))"
        empty={<Nothing title="No identity providers">Users sign in with a password of this server.</Nothing>}
      />
      <SamlKeys />
      <ProviderDrawer provider={editing ? undefined : provider} onClose={() => show(undefined)} onEdit={edit.open} />
      {adding ? <ProviderDialog onClose={add.close} onDone={show} /> : null}
      {editing && provider ? <ProviderDialog provider={provider} onClose={edit.close} /> : null}
    </>
  );
}
