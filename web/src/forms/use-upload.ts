import { useEffect, useRef, useState } from 'react';
import { useAccountScope } from '../api/account-scope.ts';
import { type Upload, uploadFile } from '../api/upload.ts';

/** How far an upload is, in bytes. */
export interface UploadProgress {
  sent: number;
  total: number;
}

/** Sends forms with files in the account of the page: how far it is, what went wrong, and how to stop it. */
export function useUpload<T>() {
  const { account } = useAccountScope();
  const [progress, setProgress] = useState<UploadProgress>();
  const [error, setError] = useState<unknown>();
  const running = useRef<AbortController>(null);
  useEffect(() => () => running.current?.abort(), []);

  /** Resolves with the answer; undefined when it failed or was stopped. */
  async function send(upload: Upload, body: Blob | FormData): Promise<T | undefined> {
    const controller = new AbortController();
    running.current = controller;
    setError(undefined);
    setProgress({ sent: 0, total: 0 });
    const headers = { ...upload.headers, ...(account === undefined ? {} : { 'x-anchore-account': account }) };
    try {
      return await uploadFile<T>({ ...upload, headers }, body, {
        signal: controller.signal,
        onProgress: (sent, total) => setProgress({ sent, total }),
      });
    } catch (thrown) {
      if (!controller.signal.aborted) setError(thrown);
      return undefined;
    } finally {
      setProgress(undefined);
    }
  }

  return { send, progress, error, stop: () => running.current?.abort() };
}
