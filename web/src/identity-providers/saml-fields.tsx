import { Checkbox, FileInput, NumberInput, SegmentedControl, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { IconFileTypeXml } from '@tabler/icons-react';
import { useState } from 'react';
import { type ProviderDraft, usualAddresses } from './provider-draft.ts';

/** Fields of a SAML provider beside those of both kinds. */
export function SamlFields(props: {
  draft: ProviderDraft;
  origin: string;
  onChange: (part: Partial<ProviderDraft>) => void;
}) {
  const { draft, origin, onChange } = props;
  const [file, setFile] = useState<File | null>(null);
  return (
    <>
      <Stack gap={6}>
        <Text size="sm" fw={500} id="metadata-kind">
          Metadata of the provider
        </Text>
        <SegmentedControl
          aria-labelledby="metadata-kind"
          w="fit-content"
          value={draft.metadata}
          onChange={(metadata) => onChange({ metadata: metadata as ProviderDraft['metadata'] })}
          data={[
            { value: 'url', label: 'From an address' },
            { value: 'xml', label: 'From a file' },
          ]}
        />
      </Stack>
      {draft.metadata === 'url' ? (
        <TextInput
          label="Metadata address"
          description="Read now, and again as the document says; keys may change there."
          placeholder="https://idp.example.com/metadata"
          type="url"
          required
          value={draft.idp_metadata_url}
          onChange={(event) => onChange({ idp_metadata_url: event.currentTarget.value })}
        />
      ) : (
        <>
          <FileInput
            label="Metadata file"
            description="It replaces the text below."
            placeholder="Choose a file"
            accept=".xml,application/xml,text/xml,application/samlmetadata+xml"
            leftSection={<IconFileTypeXml size={16} aria-hidden />}
            clearable
            value={file}
            onChange={(chosen) => {
              setFile(chosen);
              void chosen?.text().then((xml) => onChange({ idp_metadata_xml: xml }));
            }}
          />
          <Textarea
            label="Metadata"
            required
            autosize
            minRows={3}
            maxRows={10}
            classNames={{ input: 'mono' }}
            value={draft.idp_metadata_xml}
            onChange={(event) => onChange({ idp_metadata_xml: event.currentTarget.value })}
          />
        </>
      )}
      <TextInput
        label="Entity id of this server"
        description="What this server is called at the provider."
        required
        value={draft.sp_entity_id}
        onChange={(event) => onChange({ sp_entity_id: event.currentTarget.value })}
      />
      <TextInput
        label="Assertion consumer service"
        description="Where the provider sends its responses, as browsers reach this server."
        placeholder={usualAddresses(draft.name, origin).acs_url}
        type="url"
        value={draft.acs_url}
        onChange={(event) => onChange({ acs_url: event.currentTarget.value })}
      />
      <NumberInput
        label="Port of it"
        description="Empty: the port of the address above."
        min={1}
        max={65_535}
        allowDecimal={false}
        hideControls
        w={200}
        value={draft.acs_https_port}
        onChange={(port) => onChange({ acs_https_port: typeof port === 'number' ? port : '' })}
      />
      <Checkbox
        label="Responses must be signed"
        checked={draft.require_signed_response}
        onChange={(event) => onChange({ require_signed_response: event.currentTarget.checked })}
      />
      <Checkbox
        label="Assertions must be signed"
        description="An assertion that no signature covers is never taken, whatever is chosen here."
        checked={draft.require_signed_assertions}
        onChange={(event) => onChange({ require_signed_assertions: event.currentTarget.checked })}
      />
    </>
  );
}
