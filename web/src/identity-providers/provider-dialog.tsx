import { SegmentedControl, Switch, TextInput } from '@mantine/core';
import { useState } from 'react';
import { samlOperations } from '#contract/saml.ts';
import { windlassSsoOperations } from '#contract/windlass-sso.ts';
import { useAction } from '../api/operation-action.ts';
import { FormDialog } from '../forms/form-dialog.tsx';
import { announce } from '../states/announce.ts';
import { MappingFields } from './mapping-fields.tsx';
import { OidcFields } from './oidc-fields.tsx';
import { KIND_NAMES, PROVIDER_READS, type Provider } from './provider.ts';
import { draftOf, oidcBody, type ProviderDraft, samlBody } from './provider-draft.ts';
import { SamlFields } from './saml-fields.tsx';

/** Form of an identity provider: a new one, or one that is there. */
export function ProviderDialog(props: { provider?: Provider; onClose: () => void; onDone?: (name: string) => void }) {
  const { provider, onClose } = props;
  const { origin } = window.location;
  const [draft, setDraft] = useState(() => draftOf(provider, origin));
  const change = (part: Partial<ProviderDraft>) => setDraft((before) => ({ ...before, ...part }));
  const done = () => {
    announce(provider ? 'Saved' : `${draft.name.trim()} was added`);
    onClose();
    props.onDone?.(draft.name.trim());
  };
  const options = { refreshes: PROVIDER_READS, onDone: done };
  const addSaml = useAction(samlOperations.add_idp, options);
  const updateSaml = useAction(samlOperations.update_idp, options);
  const addOidc = useAction(windlassSsoOperations.create_oidc_provider, options);
  const updateOidc = useAction(windlassSsoOperations.update_oidc_provider, options);
  const actions = [addSaml, updateSaml, addOidc, updateOidc];

  function submit(): void {
    for (const action of actions) action.reset();
    if (draft.kind === 'saml') {
      const body = samlBody(draft, origin);
      if (provider) updateSaml.mutate({ params: { name: provider.settings.name }, body });
      else addSaml.mutate({ body });
      return;
    }
    const body = oidcBody(draft, origin);
    if (provider) updateOidc.mutate({ params: { name: provider.settings.name }, body });
    else addOidc.mutate({ body });
  }

  return (
    <FormDialog
      opened
      onClose={onClose}
      title={provider ? `Identity provider ${provider.settings.name}` : 'Add identity provider'}
      submit={provider ? 'Save' : 'Add provider'}
      size="xl"
      busy={actions.some(({ isPending }) => isPending)}
      error={actions.find(({ error }) => error)?.error}
      onSubmit={submit}
    >
      {provider ? null : (
        <SegmentedControl
          aria-label="Kind of provider"
          w="fit-content"
          value={draft.kind}
          onChange={(kind) => change({ kind: kind as Provider['kind'] })}
          data={(Object.keys(KIND_NAMES) as Provider['kind'][]).map((value) => ({ value, label: KIND_NAMES[value] }))}
        />
      )}
      <TextInput
        label="Name"
        description="Letters, digits, _ and -. It is on the button of the sign-in page and in addresses, and stays."
        required
        data-autofocus
        pattern="[a-zA-Z0-9_\-]+"
        maxLength={100}
        disabled={provider !== undefined}
        value={draft.name}
        onChange={(event) => change({ name: event.currentTarget.value })}
      />
      <Switch
        label="Users may sign in through it"
        checked={draft.enabled}
        onChange={(event) => change({ enabled: event.currentTarget.checked })}
      />
      {draft.kind === 'saml' ? (
        <SamlFields draft={draft} origin={origin} onChange={change} />
      ) : (
        <OidcFields draft={draft} origin={origin} known={provider !== undefined} onChange={change} />
      )}
      <MappingFields draft={draft} onChange={change} />
    </FormDialog>
  );
}
