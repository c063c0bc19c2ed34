import { describe, expect, it } from 'vitest';
import { contentKind, contradictsType } from './content-kind.ts';

describe('contentKind', () => {
  it.each([
    ['<?xml version="1.0"?><Benchmark/>', 'xml'],
    ['\ufeff<?xml version="1.0"?>\n<!-- a --><x:y z="1">', 'xml'],
    ['<a>', 'xml'],
    ['<?xml version="1.0"?><!DOCTYPE html PUBLIC "x"><html>', 'html'],
    ['  \n<!doctype HTML>', 'html'],
    ['<html lang="en">', 'html'],
    ['<htmlx/>', 'xml'],
    [' {"a":1}', 'json'],
    ['[1]', 'json'],
    ['hello', 'other'],
    ['', 'other'],
    ['<a\0>', 'other'],
  ])('%j is %s', (text, kind) => {
    expect(contentKind(Buffer.from(text))).toBe(kind);
  });

  it('knows wide characters', () => {
    expect(contentKind(Buffer.from('\ufeff<?xml version="1.0"?><a/>', 'utf16le'))).toBe('xml');
  });

  it('looks at a long comment once', () => {
    expect(contentKind(Buffer.from(`${'<!-- '.repeat(2000)}`))).toBe('xml');
  });
});

describe('contradictsType', () => {
  it.each([
    ['application/xml', 'xml', false],
    ['text/xml; charset=utf-8', 'xml', false],
    ['image/svg+xml', 'html', true],
    ['text/html', 'xml', true],
    ['application/xhtml+xml', 'html', false],
    ['application/octet-stream', 'xml', false],
    ['text/plain', 'html', false],
    ['image/png', 'xml', true],
    ['application/json', 'xml', true],
    [undefined, 'xml', false],
  ] as const)('%s and %s: %s', (type, kind, expected) => {
    expect(contradictsType(type, kind)).toBe(expected);
  });
});
