/** Text that stands for itself in a LIKE pattern, with the default escape character. */
export function escapeLike(text: string): string {
  return text.replace(/[\\%_]/g, (character) => `\\${character}`);
}
