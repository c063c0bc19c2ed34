import { z } from 'zod';
import type { EventCategory, EventDescription } from '#contract/events.ts';
import { EVENT_DETAILS } from './details.ts';
import { EVENT_TYPES, type EventName } from './types.ts';

const CATEGORIES: Record<string, string> = {
  user: 'What happened to what an account owns',
  system: 'What happened in the installation',
};
const SUBCATEGORIES: Record<string, string> = {
  'user.checks': 'Results of tags that changed',
  'user.image': 'Images and their tags',
  'user.policy': 'The active policy',
  'user.alerts': 'Compliance alerts',
  'user.inventory': 'Clusters whose inventory the server reads',
  'user.runtime_inventory': 'What runs where',
  'system.image_analysis': 'Fetching and taking apart of images',
  'system.analysis_archive': 'The archive of analyses',
  'system.artifact_lifecycle': 'Deletions by policy',
  'system.repository': 'Watched repositories',
  'system.feeds': 'Vulnerability data',
  'system.service': 'Processes of the installation',
  'system.integrations': 'Agents',
  'user.subscription': 'What is watched',
  'system.configuration': 'Settings of the installation',
  'system.account': 'Accounts',
  'system.user': 'Users',
  'system.credential': 'Passwords',
  'system.api_key': 'API keys',
  'system.role_member': 'Who holds which role',
  'system.user_group': 'User groups',
  'system.identity_provider': 'Single sign-on',
};

let tree: EventCategory[] | undefined;

/** Every type of event by category and subcategory, with the JSON schema of its details where they are fixed. */
export function eventTypeTree(): EventCategory[] {
  tree ??= makeTree();
  return tree;
}

function makeTree(): EventCategory[] {
  const categories = Map.groupBy(Object.keys(EVENT_TYPES) as EventName[], (name) => partsOf(name).category);
  return [...categories].map(([category, names]) => ({
    name: category,
    description: CATEGORIES[category] ?? category,
    subcategories: [...Map.groupBy(names, (name) => partsOf(name).subcategory)].map(([subcategory, members]) => ({
      name: subcategory,
      description: SUBCATEGORIES[`${category}.${subcategory}`] ?? `${category}.${subcategory}`,
      events: members.map(describe),
    })),
  }));
}

function partsOf(name: EventName) {
  const [category = '', subcategory = '', ...rest] = EVENT_TYPES[name].type.split('.');
  return { category, subcategory, event: rest.join('.') };
}

function describe(name: EventName): EventDescription {
  const { type, message, resource_type, level } = EVENT_TYPES[name];
  const schema = EVENT_DETAILS[name];
  return {
    name: partsOf(name).event,
    type,
    message,
    resource_type,
    level: level.toLowerCase(),
    ...(schema
      ? { details_schema: z.toJSONSchema(schema, { target: 'draft-2020-12' }) as Record<string, unknown> }
      : {}),
  };
}
