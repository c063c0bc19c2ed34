const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Is the text a UUID in its usual form? Databases refuse to compare a column of UUIDs with anything else. */
export function isUuid(text: string): boolean {
  return UUID.test(text);
}
