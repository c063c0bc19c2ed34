import { Button, Checkbox, Group, PasswordInput, Stack, Textarea, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import type { z } from 'zod';
import {
  type NotificationConfigurationDetail,
  windlassNotificationsOperations,
} from '#contract/windlass-notifications.ts';
import { useAction } from '../api/operation-action.ts';
import { useMay } from '../session/session.ts';
import { announce } from '../states/announce.ts';
import { Failure } from '../states/failure.tsx';
import { type OptionsValues, optionsForm, optionsOf } from './options.ts';

/** Template, digest, quiet hours, rate and signature of a receiver. */
export function OptionsForm(props: { detail: z.output<typeof NotificationConfigurationDetail>; webhook: boolean }) {
  const { detail, webhook } = props;
  const may = useMay('updateNotificationEndpointConfiguration');
  const [values, setValues] = useState(() => optionsForm(detail.options));
  const save = useAction(windlassNotificationsOperations.set_notification_options, {
    refreshes: [windlassNotificationsOperations.get_notification_configuration_detail],
    onDone: () => {
      announce('Saved');
      setValues((before) => ({ ...before, secret: '', unsign: false }));
    },
  });
  const field = (name: keyof OptionsValues) => ({
    value: String(values[name]),
    disabled: !may,
    onChange: (event: { currentTarget: HTMLInputElement | HTMLTextAreaElement }) => {
      const { value } = event.currentTarget;
      setValues((before) => ({ ...before, [name]: value }));
    },
  });
  function submit(event: FormEvent): void {
    event.preventDefault();
    save.mutate({ params: { configuration_uuid: String(detail.configuration.uuid) }, body: optionsOf(values) });
  }
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        <TextInput
          label="Subject"
          description="Members of the event in braces, such as {{resource.id}}. Empty: the product's own words."
          {...field('subject')}
        />
        <Textarea label="Text" autosize minRows={2} maxRows={10} {...field('text')} />
        <Group gap="sm" align="flex-end">
          <TextInput
            label="Gather for (minutes)"
            description="Empty: tell each event at once."
            type="number"
            min={1}
            max={1440}
            w={190}
            {...field('digest')}
          />
          <TextInput
            label="Most a minute"
            description="Empty: no limit."
            type="number"
            min={1}
            max={6000}
            w={150}
            {...field('rate')}
          />
        </Group>
        <Group gap="sm" align="flex-end">
          <TextInput label="Quiet from" type="time" w={120} {...field('from')} />
          <TextInput label="Quiet until" type="time" w={120} {...field('to')} />
          <TextInput label="Time zone" placeholder="Europe/Berlin" w={190} {...field('zone')} />
        </Group>
        {webhook ? (
          <>
            <PasswordInput
              label="Signing secret"
              description={
                detail.signed
                  ? 'Requests are signed. Leave empty to keep the secret.'
                  : 'Requests are not signed. The receiver checks the signature with the same secret.'
              }
              autoComplete="new-password"
              {...field('secret')}
            />
            {detail.signed ? (
              <Checkbox
                label="Stop signing"
                disabled={!may}
                checked={values.unsign}
                onChange={(event) => {
                  const { checked } = event.currentTarget;
                  setValues((before) => ({ ...before, unsign: checked }));
                }}
              />
            ) : null}
          </>
        ) : null}
        {save.error ? <Failure error={save.error} /> : null}
        {may ? (
          <Group justify="flex-end">
            <Button type="submit" loading={save.isPending}>
              Save
            </Button>
          </Group>
        ) : null}
      </Stack>
    </form>
  );
}
