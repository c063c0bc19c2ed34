import { PasswordInput, Select, TagsInput, TextInput } from '@mantine/core';
import { type ProviderDraft, usualAddresses } from './provider-draft.ts';

const METHODS = [
  { value: 'client_secret_basic', label: 'Secret in the header' },
  { value: 'client_secret_post', label: 'Secret in the form' },
  { value: 'none', label: 'No secret (public client)' },
];

/** Fields of an OpenID provider beside those of both kinds. */
export function OidcFields(props: {
  draft: ProviderDraft;
  origin: string;
  /** The provider is there already, and its secret with it. */
  known: boolean;
  onChange: (part: Partial<ProviderDraft>) => void;
}) {
  const { draft, origin, known, onChange } = props;
  return (
    <>
      <TextInput
        label="Issuer"
        description="Its discovery document is below /.well-known/openid-configuration."
        placeholder="https://idp.example.com/realms/main"
        type="url"
        required
        value={draft.issuer}
        onChange={(event) => onChange({ issuer: event.currentTarget.value })}
      />
      <TextInput
        label="Client id"
        required
        autoComplete="off"
        value={draft.client_id}
        onChange={(event) => onChange({ client_id: event.currentTarget.value })}
      />
      <Select
        label="How this server proves itself"
        data={METHODS}
        allowDeselect={false}
        value={draft.token_endpoint_auth_method}
        onChange={(method) =>
          onChange({ token_endpoint_auth_method: method as ProviderDraft['token_endpoint_auth_method'] })
        }
      />
      {draft.token_endpoint_auth_method === 'none' ? null : (
        <PasswordInput
          label="Client secret"
          autoComplete="new-password"
          required={!known}
          {...(known ? { description: 'It is never shown. Empty: it stays as it is.' } : {})}
          value={draft.client_secret}
          onChange={(event) => onChange({ client_secret: event.currentTarget.value })}
        />
      )}
      <TextInput
        label="Redirect URI"
        description="As registered at the provider, and as browsers reach this server."
        placeholder={usualAddresses(draft.name, origin).redirect_uri}
        type="url"
        value={draft.redirect_uri}
        onChange={(event) => onChange({ redirect_uri: event.currentTarget.value })}
      />
      <TextInput
        label="Address after a sign-out"
        description="As registered at the provider. Empty: its own page ends the sign-out."
        type="url"
        value={draft.post_logout_redirect_uri}
        onChange={(event) => onChange({ post_logout_redirect_uri: event.currentTarget.value })}
      />
      <TagsInput
        label="Scopes"
        value={draft.scopes}
        onChange={(scopes) => onChange({ scopes })}
        splitChars={[' ', ',']}
      />
    </>
  );
}
