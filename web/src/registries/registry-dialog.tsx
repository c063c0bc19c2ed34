import { Checkbox, PasswordInput, Select, TextInput } from '@mantine/core';
import { useState } from 'react';
import { type RegistryConfiguration, registriesOperations } from '#contract/registries.ts';
import { useAction } from '../api/operation-action.ts';
import { FormDialog } from '../forms/form-dialog.tsx';
import { announce } from '../states/announce.ts';

const REFRESHES = [registriesOperations.list_registries];
const TYPES = [
  { value: 'docker_v2', label: 'User name and password' },
  { value: 'awsecr', label: 'Amazon ECR' },
];

/** Form of a registry's credentials. */
export function RegistryDialog(props: { registry?: RegistryConfiguration; onClose: () => void }) {
  const { registry: known, onClose } = props;
  const [registry, setRegistry] = useState(known?.registry ?? '');
  const [name, setName] = useState(known?.registry_name ?? '');
  const [type, setType] = useState(known?.registry_type ?? 'docker_v2');
  const [user, setUser] = useState(known?.registry_user ?? '');
  const [password, setPassword] = useState('');
  const [verify, setVerify] = useState(known?.registry_verify !== false);
  const [validate, setValidate] = useState(true);
  const onDone = () => {
    announce('Saved');
    onClose();
  };
  const add = useAction(registriesOperations.create_registry, { refreshes: REFRESHES, onDone });
  const update = useAction(registriesOperations.update_registry, { refreshes: REFRESHES, onDone });
  const types = TYPES.some(({ value }) => value === type) ? TYPES : [...TYPES, { value: type, label: type }];
  const body = {
    registry: registry.trim(),
    registry_name: name.trim() || registry.trim(),
    registry_type: type,
    registry_user: user,
    registry_pass: password,
    registry_verify: verify,
  };
  return (
    <FormDialog
      opened
      onClose={onClose}
      title={known ? `Registry ${known.registry}` : 'Add registry'}
      submit={known ? 'Save' : 'Add registry'}
      busy={add.isPending || update.isPending}
      error={add.error ?? update.error}
      onSubmit={() =>
        known
          ? update.mutate({ params: { registry: known.registry ?? '' }, query: { validate }, body })
          : add.mutate({ query: { validate }, body })
      }
    >
      <TextInput
        label="Registry"
        description="Host and port; a path limits the credentials to repositories below it, and may end in *."
        placeholder="registry.example.com:5000/team/*"
        required
        disabled={known !== undefined}
        value={registry}
        onChange={(event) => setRegistry(event.currentTarget.value)}
      />
      <TextInput label="Name" value={name} onChange={(event) => setName(event.currentTarget.value)} />
      <Select
        label="Kind"
        data={types}
        value={type}
        allowDeselect={false}
        onChange={(value) => setType(value ?? type)}
      />
      <TextInput
        label={type === 'awsecr' ? 'Access key id' : 'User name'}
        required
        autoComplete="off"
        value={user}
        onChange={(event) => setUser(event.currentTarget.value)}
      />
      <PasswordInput
        label={type === 'awsecr' ? 'Secret access key' : 'Password or token'}
        required
        autoComplete="new-password"
        value={password}
        onChange={(event) => setPassword(event.currentTarget.value)}
        {...(known ? { description: 'It is never shown: give it again to change anything.' } : {})}
      />
      <Checkbox
        label="Check the registry's certificate"
        checked={verify}
        onChange={(event) => setVerify(event.currentTarget.checked)}
      />
      <Checkbox
        label="Try the credentials now"
        checked={validate}
        onChange={(event) => setValidate(event.currentTarget.checked)}
      />
    </FormDialog>
  );
}
