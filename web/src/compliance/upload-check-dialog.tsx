import { FileInput, SimpleGrid, TextInput } from '@mantine/core';
import { IconFileText, IconFileTypeXml } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { type RuntimeComplianceCheck, windlassComplianceOperations } from '#contract/windlass-compliance.ts';
import { client } from '../api/client.ts';
import { operationKey } from '../api/operation-query.ts';
import { FormDialog } from '../forms/form-dialog.tsx';
import { Sending } from '../forms/sending.tsx';
import { useUpload } from '../forms/use-upload.ts';
import { ImagePicker, type PickedImage } from '../images/image-picker.tsx';

/** Form that sends the result of a compliance check, and leads to it. */
export function UploadCheckDialog({ image: given, onClose }: { image?: PickedImage; onClose: () => void }) {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const [result, setResult] = useState<File | null>(null);
  const [report, setReport] = useState<File | null>(null);
  const [image, setImage] = useState(given);
  const [namespace, setNamespace] = useState('');
  const [pod, setPod] = useState('');
  const [says, setSays] = useState('');
  const upload = useUpload<RuntimeComplianceCheck>();

  async function submit(): Promise<void> {
    if (!result || !image) return;
    const form = new FormData();
    const fields = {
      check_type: 'oscap',
      image_digest: image.digest,
      image_tag: image.tag ?? '',
      namespace: namespace.trim(),
      pod: pod.trim(),
      result: says.trim(),
    };
    for (const [name, value] of Object.entries(fields)) if (value !== '') form.append(name, value);
    form.append('result_file', result, result.name);
    if (report) form.append('report_file', report, report.name);
    const operation = windlassComplianceOperations.add_runtime_compliance_check;
    const check = await upload.send(client.prepare(operation, { raw: form }), form);
    if (!check) return;
    await queries.invalidateQueries({
      queryKey: operationKey(windlassComplianceOperations.list_runtime_compliance_checks),
    });
    onClose();
    void navigate({ to: '/compliance/$check', params: { check: check.uuid } });
  }

  const busy = upload.progress !== undefined;
  return (
    <FormDialog
      opened
      onClose={() => (busy ? upload.stop() : onClose())}
      title="Upload the result of a check"
      submit="Upload"
      busy={busy}
      error={upload.error}
      disabled={!result || !image}
      onSubmit={() => void submit()}
    >
      <FileInput
        label="Result file"
        description="XCCDF 1.1 or 1.2 with results, or ARF 1.1, as oscap writes them."
        placeholder="Choose a file"
        accept=".xml,application/xml,text/xml"
        leftSection={<IconFileTypeXml size={16} aria-hidden />}
        required
        clearable
        value={result}
        onChange={setResult}
      />
      <FileInput
        label="Report"
        description="The HTML page of the same run; it is kept beside the result."
        placeholder="None"
        accept=".html,text/html"
        leftSection={<IconFileText size={16} aria-hidden />}
        clearable
        value={report}
        onChange={setReport}
      />
      <ImagePicker
        label="Image that was checked"
        description="It need not be known to this server."
        value={image}
        onChange={setImage}
      />
      <SimpleGrid cols={{ base: 1, sm: 3 }} spacing="sm">
        <TextInput label="Namespace" value={namespace} onChange={(event) => setNamespace(event.currentTarget.value)} />
        <TextInput label="Pod" value={pod} onChange={(event) => setPod(event.currentTarget.value)} />
        <TextInput
          label="What you say of it"
          placeholder="pass or fail"
          value={says}
          onChange={(event) => setSays(event.currentTarget.value)}
        />
      </SimpleGrid>
      {upload.progress ? <Sending {...upload.progress} /> : null}
    </FormDialog>
  );
}
