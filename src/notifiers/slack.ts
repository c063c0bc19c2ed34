import { postJson } from './post.ts';
import type { Notifier } from './types.ts';

/** An incoming webhook of a Slack workspace. */
export interface SlackConfiguration {
  url: string;
  verify_tls?: boolean;
}

/** Longest text of one section block. */
const MAX_SECTION = 2_900;

/** Posts a message with a heading, the text and a link. */
export const slack: Notifier<SlackConfiguration> = (configuration, message, transport, signal) => {
  const { subject, text, link, level } = message;
  const icon = level === 'error' ? ':red_circle:' : ':information_source:';
  const body = {
    // What notifications on screens and programs that read aloud show.
    text: escapeMarkup(subject),
    blocks: [
      section(`${icon} *${escapeMarkup(subject)}*`),
      section(escapeMarkup(text)),
      ...(link ? [section(`<${escapeMarkup(link)}|Open in Windlass>`)] : []),
    ],
  };
  return postJson(transport, configuration.url, body, { insecure: configuration.verify_tls === false, signal });
};

const section = (text: string) => ({
  type: 'section',
  text: { type: 'mrkdwn', text: text.slice(0, MAX_SECTION) || ' ' },
});

/** The three characters that have a meaning in Slack's markup. */
function escapeMarkup(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
