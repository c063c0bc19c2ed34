import { Button, PasswordInput, Select, Switch, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useAction } from '../api/operation-action.ts';
import { FormDialog } from '../forms/form-dialog.tsx';
import { announce } from '../states/announce.ts';
import { type Configuration, KINDS, type Kind, type KindField, kindOf } from './kinds.ts';
import { bodyOf, type FormValues, formOf } from './receiver-form.ts';
import { TestResult } from './test-result.tsx';

/** Form of a new receiver, or of a stored one. It is mounted anew for each. */
export function ReceiverDialog(props: { kind?: Kind; configuration?: Configuration; onClose: () => void }) {
  const { configuration, onClose } = props;
  const [kind, setKind] = useState<Kind>(props.kind ?? (KINDS[0] as Kind));
  const [values, setValues] = useState<FormValues>(() => formOf(kind, configuration));
  const { operations } = kind;
  const done = () => {
    announce('Saved');
    onClose();
  };
  const add = useAction(operations.add, { refreshes: [operations.list], onDone: done });
  const update = useAction(operations.update, { refreshes: [operations.list], onDone: done });
  const test = useAction(operations.test);
  const set = (name: string, value: string | boolean) => {
    test.reset();
    setValues((before) => ({ ...before, [name]: value }));
  };
  const body = () => bodyOf(kind, values) as never;
  return (
    <FormDialog
      opened
      onClose={onClose}
      title={configuration ? `Change ${kind.title}` : 'Add receiver'}
      submit={configuration ? 'Save' : 'Add receiver'}
      busy={add.isPending || update.isPending}
      error={add.error ?? update.error ?? test.error}
      extra={
        configuration ? null : (
          <Button variant="default" loading={test.isPending} onClick={() => test.mutate({ body: body() })}>
            Send a test
          </Button>
        )
      }
      onSubmit={() =>
        configuration
          ? update.mutate({ params: { uuid: configuration.uuid ?? '' }, body: body() })
          : add.mutate({ body: body() })
      }
    >
      {configuration ? null : (
        <Select
          label="Kind"
          data={KINDS.map(({ name, title }) => ({ value: name, label: title }))}
          value={kind.name}
          allowDeselect={false}
          onChange={(name) => {
            const next = kindOf(name ?? '') ?? kind;
            setKind(next);
            setValues((before) => ({ ...formOf(next, undefined), description: before.description ?? '' }));
          }}
        />
      )}
      <TextInput
        label="Description"
        placeholder="Security team"
        value={String(values.description)}
        onChange={(event) => set('description', event.currentTarget.value)}
      />
      {kind.fields.map((field) => (
        <Field
          key={`${kind.name} ${field.name}`}
          field={field}
          value={values[field.name] ?? ''}
          stored={configuration !== undefined}
          onChange={(value) => set(field.name, value)}
        />
      ))}
      <Switch
        label="Check the server's certificate"
        checked={values.verify_tls === true}
        onChange={(event) => set('verify_tls', event.currentTarget.checked)}
      />
      {test.data ? <TestResult result={test.data} /> : null}
    </FormDialog>
  );
}

function Field(props: {
  field: KindField;
  value: string | boolean;
  stored: boolean;
  onChange: (value: string | boolean) => void;
}) {
  const { field, value, stored, onChange } = props;
  const { label, about, placeholder, type = 'text' } = field;
  if (type === 'switch')
    return (
      <Switch label={label} checked={value === true} onChange={(event) => onChange(event.currentTarget.checked)} />
    );
  const keeps = stored && field.secret;
  const common = {
    label,
    required: field.required === true && !keeps,
    value: String(value),
    onChange: (event: { currentTarget: HTMLInputElement }) => onChange(event.currentTarget.value),
    ...(keeps ? { description: 'Leave empty to keep the stored one.' } : about ? { description: about } : {}),
    ...(placeholder ? { placeholder } : {}),
  };
  if (type === 'password') return <PasswordInput {...common} autoComplete="new-password" />;
  return <TextInput {...common} {...(type === 'number' ? { inputMode: 'numeric', pattern: '[0-9]*' } : {})} />;
}
