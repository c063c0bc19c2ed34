import { FileInput, TextInput } from '@mantine/core';
import { IconFileTypeJs } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { type STIGMetadataResponse, stigOperations } from '#contract/stig.ts';
import { client } from '../../api/client.ts';
import { operationKey } from '../../api/operation-query.ts';
import { FormDialog } from '../../forms/form-dialog.tsx';
import { Sending } from '../../forms/sending.tsx';
import { useUpload } from '../../forms/use-upload.ts';
import { announce } from '../../states/announce.ts';

/** Form that sends a STIG evaluation of an image. */
export function UploadStigDialog({ digest, onClose }: { digest: string; onClose: () => void }) {
  const queries = useQueryClient();
  const [file, setFile] = useState<File | null>(null);
  const [profile, setProfile] = useState('');
  const upload = useUpload<STIGMetadataResponse>();

  async function submit(): Promise<void> {
    if (!file) return;
    const form = new FormData();
    if (profile.trim()) form.append('stig_profile', profile.trim());
    form.append('file', file, file.name);
    const input = { params: { image_digest: digest }, raw: form };
    if (!(await upload.send(client.prepare(stigOperations.post_image_stig, input), form))) return;
    announce('The evaluation was added');
    await queries.invalidateQueries({ queryKey: operationKey(stigOperations.list_image_stig) });
    onClose();
  }

  const busy = upload.progress !== undefined;
  return (
    <FormDialog
      opened
      onClose={() => (busy ? upload.stop() : onClose())}
      title="Upload a STIG evaluation"
      submit="Upload"
      busy={busy}
      error={upload.error}
      disabled={!file}
      onSubmit={() => void submit()}
    >
      <FileInput
        label="HDF document"
        description="The JSON of InSpec or CINC, or of a converter."
        placeholder="Choose a file"
        accept=".json,application/json"
        leftSection={<IconFileTypeJs size={16} aria-hidden />}
        required
        clearable
        value={file}
        onChange={setFile}
      />
      <TextInput
        label="Name of the STIG"
        placeholder="RHEL 9 STIG"
        maxLength={500}
        value={profile}
        onChange={(event) => setProfile(event.currentTarget.value)}
      />
      {upload.progress ? <Sending {...upload.progress} /> : null}
    </FormDialog>
  );
}
