/** Mode bits such as `0o100644` as `ls` writes them, `rw-r--r--`, with setuid, setgid and sticky bits. */
export function fileMode(mode: string | undefined): string | undefined {
  const digits = /^(?:0o?)?([0-7]+)$/.exec(mode ?? '')?.[1];
  if (digits === undefined) return mode;
  const bits = Number.parseInt(digits, 8);
  const special = [bits & 0o4000 ? 's' : '', bits & 0o2000 ? 's' : '', bits & 0o1000 ? 't' : ''];
  return [6, 3, 0]
    .map((shift, at) => {
      const part = (bits >> shift) & 7;
      const mark = special[at]!;
      const execute = mark ? (part & 1 ? mark : mark.toUpperCase()) : part & 1 ? 'x' : '-';
      return `${part & 4 ? 'r' : '-'}${part & 2 ? 'w' : '-'}${execute}`;
    })
    .join('');
}
