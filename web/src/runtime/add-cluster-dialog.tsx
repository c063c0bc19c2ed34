import { FileInput, PasswordInput, SegmentedControl, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import { inventoryClustersOperations } from '#contract/inventory-clusters.ts';
import { useAction } from '../api/operation-action.ts';
import { FormDialog } from '../forms/form-dialog.tsx';
import { announce } from '../states/announce.ts';

/** Form that makes the server read a cluster. */
export function AddClusterDialog({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const [name, setName] = useState('');
  const [server, setServer] = useState('');
  const [certificate, setCertificate] = useState('');
  const [kind, setKind] = useState<'token' | 'private_key'>('token');
  const [token, setToken] = useState('');
  const [key, setKey] = useState<File | null>(null);
  const [clientCertificate, setClientCertificate] = useState<File | null>(null);
  const [namespaces, setNamespaces] = useState('all');
  const [unreadable, setUnreadable] = useState<unknown>();
  const add = useAction(inventoryClustersOperations.add_inventory_cluster, {
    refreshes: [inventoryClustersOperations.list_inventory_clusters],
    onDone: () => {
      announce(`${name.trim()} was added; its first reading has begun`);
      setToken('');
      setKey(null);
      onClose();
    },
  });

  async function submit(): Promise<void> {
    const base64 = async (file: File | null) => (file ? toBase64(await file.text()) : '');
    const credential = kind === 'token' ? token.trim() : await base64(key);
    const client = kind === 'token' ? '' : await base64(clientCertificate);
    add.mutate({
      body: {
        cluster_name: name.trim(),
        inventory_type: 'kubernetes',
        cluster_config: {
          cluster_server: server.trim(),
          cluster_certificate: toBase64(certificate),
          credential_type: kind,
          credential,
          ...(client ? { client_certificate: client } : {}),
          namespaces: namespaces.split(/[\s,]+/).filter(Boolean),
        },
      },
    });
  }

  return (
    <FormDialog
      opened={opened}
      onClose={onClose}
      title="Add cluster"
      submit="Add cluster"
      busy={add.isPending}
      error={unreadable ?? add.error}
      onSubmit={() => {
        setUnreadable(undefined);
        submit().catch(setUnreadable);
      }}
    >
      <TextInput
        label="Name"
        required
        data-autofocus
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <TextInput
        label="API server"
        description="As in the kubeconfig."
        placeholder="https://10.0.0.1:6443"
        required
        value={server}
        onChange={(event) => setServer(event.currentTarget.value)}
      />
      <Textarea
        label="Certificate authority"
        description="PEM, or its base64 from the field certificate-authority-data of the kubeconfig."
        autosize
        minRows={2}
        maxRows={6}
        required
        value={certificate}
        onChange={(event) => setCertificate(event.currentTarget.value)}
      />
      <SegmentedControl
        aria-label="Kind of credential"
        value={kind}
        onChange={(value) => setKind(value as 'token')}
        data={[
          { value: 'token', label: 'Token' },
          { value: 'private_key', label: 'Client certificate' },
        ]}
      />
      {kind === 'token' ? (
        <PasswordInput
          label="Token"
          description="Of a service account that may list namespaces, nodes and pods. It is stored encrypted and never shown."
          autoComplete="off"
          required
          value={token}
          onChange={(event) => setToken(event.currentTarget.value)}
        />
      ) : (
        <>
          <FileInput label="Private key" placeholder="Choose a PEM file" required value={key} onChange={setKey} />
          <FileInput
            label="Client certificate"
            placeholder="Choose a PEM file"
            required
            value={clientCertificate}
            onChange={setClientCertificate}
          />
        </>
      )}
      <TextInput
        label="Namespaces"
        description="Separated by spaces; all for every namespace."
        value={namespaces}
        onChange={(event) => setNamespaces(event.currentTarget.value)}
      />
    </FormDialog>
  );
}

/** PEM as base64; text that is base64 already stays as it is. */
function toBase64(text: string): string {
  const trimmed = text.trim();
  return trimmed.startsWith('-----BEGIN') ? btoa(trimmed) : trimmed.replaceAll(/\s+/g, '');
}
