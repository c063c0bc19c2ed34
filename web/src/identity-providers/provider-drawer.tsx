import { Anchor, Button, Group, Stack, Text, Title } from '@mantine/core';
import { IconDownload, IconExternalLink } from '@tabler/icons-react';
import { samlOperations } from '#contract/saml.ts';
import { windlassSsoOperations } from '#contract/windlass-sso.ts';
import { useAction } from '../api/operation-action.ts';
import { announce } from '../states/announce.ts';
import { Badge } from '../states/badge.tsx';
import { ConfirmButton } from '../states/confirm-button.tsx';
import { Copyable } from '../states/copyable.tsx';
import { DetailDrawer } from '../states/detail-drawer.tsx';
import { Fact, Facts } from '../states/facts.tsx';
import { GroupMappings } from './group-mappings.tsx';
import {
  KIND_NAMES,
  metadataAddress,
  PROVIDER_READS,
  type Provider,
  serverAddresses,
  signInAddress,
} from './provider.ts';

/** All that is known of a provider: its settings, what to register there, its groups, and a way to try it. */
export function ProviderDrawer(props: { provider: Provider | undefined; onClose: () => void; onEdit: () => void }) {
  const { provider, onClose, onEdit } = props;
  return (
    <DetailDrawer opened={provider !== undefined} onClose={onClose} title={provider?.settings.name ?? ''} size="xl">
      {provider ? (
        <Stack gap="lg">
          <ProviderFacts provider={provider} />
          <Registration provider={provider} />
          <section aria-label="User groups">
            <Title order={3} size="h5" mb={4}>
              User groups
            </Title>
            <GroupMappings key={provider.settings.name} provider={provider} />
          </section>
          <Trial provider={provider} />
          <Group justify="flex-end" gap="xs">
            <Remove provider={provider} onDone={onClose} />
            <Button onClick={onEdit}>Edit</Button>
          </Group>
        </Stack>
      ) : null}
    </DetailDrawer>
  );
}

function ProviderFacts({ provider }: { provider: Provider }) {
  const { kind, settings } = provider;
  return (
    <Facts>
      <Fact name="Kind">{KIND_NAMES[kind]}</Fact>
      <Fact name="State">
        <Badge tone={settings.enabled ? 'good' : 'unknown'}>{settings.enabled ? 'On' : 'Off'}</Badge>
      </Fact>
      {kind === 'saml' ? (
        <>
          <Fact name="Metadata">{settings.idp_metadata_url ?? 'From a file'}</Fact>
          <Fact name="Must be signed">
            {[
              settings.require_signed_response ? 'responses' : undefined,
              settings.require_signed_assertions ? 'assertions' : undefined,
            ]
              .filter(Boolean)
              .join(' and ') || 'either one'}
          </Fact>
        </>
      ) : (
        <>
          <Fact name="Issuer">{settings.issuer}</Fact>
          <Fact name="Client id">{settings.client_id}</Fact>
          <Fact name="Scopes">{settings.scopes.join(' ')}</Fact>
        </>
      )}
      <Fact name="User name from">{settings.idp_username_attribute}</Fact>
      <Fact name="Account">{settings.default_account}</Fact>
      <Fact name="Account from">{settings.idp_account_attribute}</Fact>
      <Fact name="Role">{settings.default_role}</Fact>
      <Fact name="Role from">{settings.idp_role_attribute}</Fact>
      <Fact name="Groups from">{settings.idp_groups_attribute}</Fact>
    </Facts>
  );
}

function Registration({ provider }: { provider: Provider }) {
  const { origin } = window.location;
  return (
    <section aria-label="To register at the provider">
      <Title order={3} size="h5" mb={4}>
        To register at the provider
      </Title>
      <Stack gap={6}>
        {serverAddresses(provider, origin).map(({ name, address }) => (
          <div key={name}>
            <Text size="xs" c="dimmed">
              {name}
            </Text>
            <Copyable value={address} label={name} />
          </div>
        ))}
        {provider.kind === 'saml' ? (
          <div>
            <Button
              component="a"
              href={metadataAddress(provider.settings.name, '')}
              download={`windlass-${provider.settings.name}.xml`}
              variant="default"
              size="xs"
              leftSection={<IconDownload size={14} aria-hidden />}
            >
              Download the metadata
            </Button>
          </div>
        ) : null}
      </Stack>
    </section>
  );
}

function Trial({ provider }: { provider: Provider }) {
  const address = signInAddress(provider);
  return (
    <section aria-label="Try it">
      <Title order={3} size="h5" mb={4}>
        Try it
      </Title>
      {provider.settings.enabled ? (
        <Stack gap={6}>
          <Text size="sm" c="dimmed">
            A sign-in that succeeds takes the place of your own session in this browser: use a private window for the
            address, or{' '}
            <Anchor href={`${address}?return_to=/images`} target="_blank" rel="noreferrer" inherit underline="always">
              try it here <IconExternalLink size={13} aria-hidden />
            </Anchor>
            . What the server refuses is in the audit log with its reason.
          </Text>
          <Copyable value={`${window.location.origin}${address}`} label="sign-in address" />
        </Stack>
      ) : (
        <Text size="sm" c="dimmed">
          Nobody can sign in through it while it is off.
        </Text>
      )}
    </section>
  );
}

function Remove({ provider, onDone }: { provider: Provider; onDone: () => void }) {
  const { name } = provider.settings;
  const options = {
    refreshes: PROVIDER_READS,
    onDone: () => {
      announce(`${name} was removed`);
      onDone();
    },
  };
  const saml = useAction(samlOperations.delete_idp, options);
  const oidc = useAction(windlassSsoOperations.delete_oidc_provider, options);
  const action = provider.kind === 'saml' ? saml : oidc;
  return (
    <ConfirmButton
      label="Delete"
      title={`Delete ${name}?`}
      confirm="Delete with its users"
      action={action}
      onConfirm={() => action.mutate({ params: { name } })}
    >
      All users who came through it are deleted, with their keys, tokens and sessions. They cannot be brought back.
    </ConfirmButton>
  );
}
