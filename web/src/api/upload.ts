import { ApiError, readApiError } from '#client/api-error.ts';

/** A request whose body is a file, or a form with files. */
export interface Upload {
  url: string;
  method: string;
  headers: Record<string, string>;
}

/**
 * Sends a file or form and reports the bytes sent; `fetch` cannot do that. Resolves with the JSON answer, throws ApiError
 * otherwise. Aborting rejects with the signal's reason.
 */
export function uploadFile<T>(
  upload: Upload,
  body: Blob | FormData,
  options: { signal: AbortSignal; onProgress(sent: number, total: number): void },
): Promise<T> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open(upload.method, upload.url);
    for (const [name, value] of Object.entries(upload.headers)) request.setRequestHeader(name, value);
    request.upload.onprogress = ({ loaded, total }) => options.onProgress(loaded, total);
    request.onerror = () => reject(new ApiError(0, 'The connection to the server broke off during the upload.'));
    request.onabort = () => reject(options.signal.reason);
    request.onload = () => {
      const requestId = request.getResponseHeader('anchore-request-id');
      const headers: Record<string, string> = requestId ? { 'anchore-request-id': requestId } : {};
      const init = { status: request.status, statusText: request.statusText, headers };
      if (request.status < 200 || request.status >= 300) {
        void readApiError(new Response(request.responseText, init)).then(reject, reject);
        return;
      }
      try {
        resolve(JSON.parse(request.responseText) as T);
      } catch {
        reject(new ApiError(request.status, 'The answer of the server is not JSON.'));
      }
    };
    options.signal.addEventListener('abort', () => request.abort(), { once: true });
    request.send(body);
  });
}
