/** The address when it is one of the web; feeds may carry anything, scripts too. */
export function webLink(url: string | undefined): string | undefined {
  return url && /^https?:\/\//i.test(url) && URL.canParse(url) ? url : undefined;
}
