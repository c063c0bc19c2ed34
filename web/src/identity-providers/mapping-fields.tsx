import { Autocomplete, Fieldset, Select, SimpleGrid, TextInput } from '@mantine/core';
import { accountsOperations } from '#contract/accounts.ts';
import { rbacOperations } from '#contract/rbac.ts';
import { useOperation } from '../api/operation-query.ts';
import type { ProviderDraft } from './provider-draft.ts';

/** Who somebody becomes that signs in through a provider. */
export function MappingFields(props: { draft: ProviderDraft; onChange: (part: Partial<ProviderDraft>) => void }) {
  const { draft, onChange } = props;
  const roles = useOperation(rbacOperations.list_roles, {}, { staleMs: 600_000 });
  const accounts = useOperation(accountsOperations.list_accounts, {}, { staleMs: 60_000 });
  const word = draft.kind === 'saml' ? 'attribute' : 'claim';
  const usual =
    draft.kind === 'saml'
      ? { user: 'the subject', groups: 'memberOf' }
      : { user: 'preferred_username, else sub', groups: 'groups' };
  const text = (
    name: 'idp_username_attribute' | 'idp_account_attribute' | 'idp_role_attribute' | 'idp_groups_attribute',
  ) => ({
    value: draft[name],
    autoComplete: 'off',
    onChange: (event: { currentTarget: HTMLInputElement }) => onChange({ [name]: event.currentTarget.value }),
  });
  const names = (accounts.data ?? []).map(({ name }) => name).filter((name) => name !== 'admin');
  return (
    <Fieldset legend="Who somebody becomes">
      <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="sm" verticalSpacing="sm">
        <TextInput
          label={`User name: ${word}`}
          description={`Empty: ${usual.user}.`}
          {...text('idp_username_attribute')}
        />
        <TextInput
          label={`Groups: ${word}`}
          description={`Empty: ${usual.groups}.`}
          {...text('idp_groups_attribute')}
        />
        <Autocomplete
          label="Account"
          description="Made at the first sign-in if it is not there."
          required={draft.idp_account_attribute.trim() === ''}
          data={names}
          value={draft.default_account}
          onChange={(default_account) => onChange({ default_account })}
        />
        <TextInput
          label={`Account: ${word}`}
          description="It must be there at every sign-in."
          {...text('idp_account_attribute')}
        />
        <Select
          label="Role"
          description="Given at the first sign-in."
          placeholder="None"
          clearable
          data={(roles.data ?? []).flatMap(({ name }) => name ?? [])}
          disabled={draft.idp_role_attribute.trim() !== ''}
          value={draft.default_role || null}
          onChange={(role) => onChange({ default_role: role ?? '' })}
        />
        <TextInput
          label={`Role: ${word}`}
          description="Instead of one role for everybody."
          {...text('idp_role_attribute')}
          onChange={(event) => {
            const idp_role_attribute = event.currentTarget.value;
            onChange({ idp_role_attribute, ...(idp_role_attribute.trim() ? { default_role: '' } : {}) });
          }}
        />
      </SimpleGrid>
    </Fieldset>
  );
}
