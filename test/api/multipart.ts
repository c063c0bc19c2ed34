/** A part of a form in tests: a text, or a file. */
export type FormPart = string | { filename: string; type?: string; content: string | Buffer };

/** A `multipart/form-data` body with its content type, as clients send it. */
export function multipart(parts: Record<string, FormPart>): { body: Buffer; headers: Record<string, string> } {
  const boundary = '----windlass-test-boundary';
  const pieces = Object.entries(parts).flatMap(([name, part]) => {
    const head = `--${boundary}\r\ncontent-disposition: form-data; name="${name}"`;
    if (typeof part === 'string') return [`${head}\r\n\r\n${part}\r\n`];
    const type = part.type ? `content-type: ${part.type}\r\n` : '';
    return [`${head}; filename="${part.filename}"\r\n${type}\r\n`, part.content, '\r\n'];
  });
  const body = Buffer.concat([...pieces, `--${boundary}--\r\n`].map((piece) => Buffer.from(piece)));
  return { body, headers: { 'content-type': `multipart/form-data; boundary=${boundary}` } };
}
