import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { analyzeFiles, rows } from '../analyze-files.fixture.ts';
import { fromFileName, readGemspec } from './gemspec.ts';
import { gemAnalyzer } from './index.ts';
import { rubyStrings } from './ruby-literals.ts';

const SPEC = `# -*- encoding: utf-8 -*-
Gem::Specification.new do |s|
  s.name = "rack".freeze
  s.version = "2.2.22"
  s.authors = ["Leah".freeze, 'O''Neil']
  s.homepage = "https://github.com/rack/rack".freeze
  s.licenses = ["MIT".freeze]
  if s.respond_to? :add_runtime_dependency then
    s.add_runtime_dependency(%q<public_suffix>.freeze, [">= 2.0.2", "< 6.0"])
    s.add_development_dependency(%q<rake>.freeze, [">= 0"])
  else
    s.add_dependency(%q<public_suffix>.freeze, [">= 2.0.2"])
    s.add_dependency(%q<rake>.freeze, [">= 0"])
  end
end
`;

describe('rubyStrings', () => {
  it.each([
    ['"a".freeze', ['a']],
    [`'it\\'s'`, ["it's"]],
    ['["a".freeze, %q<b>, %Q{c}]', ['a', 'b', 'c']],
    ['%w[x y]', ['x', 'y']],
    ['"#{s.version}"', undefined],
    ['VERSION', undefined],
    ['[compute(1)]', undefined],
  ])('%s', (source, expected) => {
    expect(rubyStrings(source)).toEqual(expected);
  });
});

describe('fromFileName', () => {
  it.each([
    ['rack-2.2.22.gemspec', { name: 'rack', version: '2.2.22' }],
    ['nokogiri-1.15.4-x86_64-linux.gemspec', { name: 'nokogiri', version: '1.15.4', platform: 'x86_64-linux' }],
    ['a-b-1.0.0.pre.rc1.gemspec', { name: 'a-b', version: '1.0.0.pre.rc1' }],
    ['noversion.gemspec', undefined],
  ])('%s', (file, expected) => {
    expect(fromFileName(file)).toEqual(expected);
  });
});

describe('readGemspec', () => {
  it('reads literals and tells run-time from development dependencies', () => {
    expect(readGemspec(SPEC, 'rack-2.2.22.gemspec')).toMatchObject({
      name: 'rack',
      version: '2.2.22',
      licenses: ['MIT'],
      homepage: 'https://github.com/rack/rack',
      dependencies: ['public_suffix'],
      declared: true,
    });
  });

  it.each([
    [
      'a computed version',
      'Gem::Specification.new do |spec|\n spec.name = "x"\n spec.version = X::VERSION\nend',
      'x-1.2.gemspec',
      { name: 'x', version: '1.2', declared: false },
    ],
    [
      'a constant in the file',
      'V = "3.1"\nGem::Specification.new do |spec|\n spec.name = "x"\n spec.version = V\nend',
      'x.gemspec',
      { name: 'x', version: '3.1', declared: true },
    ],
    [
      'Gem::Version',
      'Gem::Specification.new do |s|\n s.name = "x"\n s.version = Gem::Version.new("1.4")\nend',
      'x.gemspec',
      { version: '1.4' },
    ],
    [
      'a platform',
      'Gem::Specification.new do |s|\n s.name = "x"\n s.version = "1"\n s.platform = "java".freeze\nend',
      'x-1-java.gemspec',
      { platform: 'java' },
    ],
  ])('reads %s', (_, text, file, expected) => {
    expect(readGemspec(text, file)).toMatchObject(expected);
  });

  it('gives nothing when nothing tells name and version', () => {
    expect(readGemspec('puts 1', 'x.gemspec')).toBeUndefined();
  });

  it('never fails', () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.nat(SPEC.length),
        (noise, at) => void readGemspec(SPEC.slice(0, at) + noise + SPEC.slice(at), 'a-1.gemspec'),
      ),
    );
  });
});

describe('gems', () => {
  it('takes specifications of gem directories, not those of source trees', () => {
    const { packages } = analyzeFiles(gemAnalyzer, {
      '/usr/lib/ruby/gems/3.1.0/specifications/rack-2.2.22.gemspec': SPEC,
      '/usr/lib/ruby/gems/3.1.0/specifications/default/json-2.6.gemspec': SPEC.replace('rack', 'json'),
      '/usr/lib/ruby/gems/3.1.0/gems/rack-2.2.22/rack.gemspec': SPEC,
    });
    expect(rows(packages)).toEqual([
      'rack@2.2.22 /usr/lib/ruby/gems/3.1.0/specifications/rack-2.2.22.gemspec',
      'json@2.2.22 /usr/lib/ruby/gems/3.1.0/specifications/default/json-2.6.gemspec',
    ]);
    expect(packages[0]?.purl).toBe('pkg:gem/rack@2.2.22');
  });
});
