import type { Configuration, Kind, KindField } from './kinds.ts';

/** What stands in the form: texts, and switches. */
export type FormValues = Record<string, string | boolean>;

/** The form of a stored configuration, or of a new one. */
export function formOf(kind: Kind, configuration: Configuration | undefined): FormValues {
  const values: FormValues = {
    description: configuration?.description ?? '',
    verify_tls: configuration?.verify_tls !== false,
  };
  for (const field of kind.fields) values[field.name] = initialOf(field, configuration);
  return values;
}

function initialOf(field: KindField, configuration: Configuration | undefined): string | boolean {
  const value = configuration ? configuration[field.name] : field.initial;
  if (field.type === 'switch') return value === true;
  if (field.secret) return '';
  if (Array.isArray(value)) return value.join(', ');
  return value === undefined || value === null ? '' : String(value);
}

/** The body that the form stands for. Empty fields are left out, so that stored secrets stay. */
export function bodyOf(kind: Kind, values: FormValues): Record<string, unknown> {
  const body: Record<string, unknown> = {
    description: values.description ?? '',
    verify_tls: values.verify_tls === true,
  };
  for (const { name, type } of kind.fields) {
    const value = values[name];
    if (typeof value === 'boolean') body[name] = value;
    else if (value?.trim()) body[name] = parsed(type, value.trim());
  }
  return body;
}

function parsed(type: KindField['type'], value: string): unknown {
  if (type === 'number') return Number(value);
  if (type === 'list')
    return value
      .split(',')
      .map((one) => one.trim())
      .filter(Boolean);
  return value;
}
