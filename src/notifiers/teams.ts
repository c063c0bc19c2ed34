import { postJson } from './post.ts';
import type { Notifier } from './types.ts';

/** A webhook of a Microsoft Teams channel or workflow. */
export interface TeamsConfiguration {
  url: string;
  verify_tls?: boolean;
}

const MAX_TEXT = 20_000;

/** Posts an Adaptive Card, which both workflows and the older connectors of channels take. */
export const teams: Notifier<TeamsConfiguration> = (configuration, message, transport, signal) => {
  const { subject, text, link, level } = message;
  const lines = text.slice(0, MAX_TEXT).split('\n');
  const card = {
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    type: 'AdaptiveCard',
    version: '1.4',
    body: [
      {
        type: 'TextBlock',
        size: 'Medium',
        weight: 'Bolder',
        wrap: true,
        text: subject,
        color: level === 'error' ? 'Attention' : 'Default',
      },
      ...lines.filter(Boolean).map((line) => ({ type: 'TextBlock', wrap: true, spacing: 'Small', text: line })),
    ],
    ...(link ? { actions: [{ type: 'Action.OpenUrl', title: 'Open in Windlass', url: link }] } : {}),
  };
  const body = {
    type: 'message',
    attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', contentUrl: null, content: card }],
  };
  return postJson(transport, configuration.url, body, { insecure: configuration.verify_tls === false, signal });
};
