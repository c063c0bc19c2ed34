import { describe, expect, it } from 'vitest';
import { runAnalyzers } from '../../../test/builders/memory-image.ts';
import { distroAnalyzer } from '../analyzers/distro/index.ts';
import { npmAnalyzer } from '../analyzers/npm/index.ts';
import { manifestAnalyzer, withoutInstalledTwice } from './index.ts';
import { manifestKindOf } from './kinds.ts';

const read = (path: string, text: string) => runAnalyzers([manifestAnalyzer], { [path]: text });
const purls = (path: string, text: string): (string | undefined)[] => read(path, text).packages.map(({ purl }) => purl);

describe('manifests', () => {
  it.each<[string, string, string, string[]]>([
    [
      'npm, by path',
      '/package-lock.json',
      JSON.stringify({
        lockfileVersion: 3,
        packages: {
          '': { name: 'me', version: '0.1.0' },
          'packages/own': { version: '1.0.0' },
          'node_modules/own': { link: true, resolved: 'packages/own' },
          'node_modules/@a/b': { version: '1.2.3', license: 'MIT', dependencies: { c: '^2' } },
          'node_modules/@a/b/node_modules/c': { version: '2.0.0-rc.1', dev: true },
          'node_modules/alias': { name: 'real', version: '3.0.0' },
        },
      }),
      ['pkg:npm/%40a/b@1.2.3', 'pkg:npm/c@2.0.0-rc.1', 'pkg:npm/real@3.0.0'],
    ],
    [
      'npm, nested',
      '/sub/npm-shrinkwrap.json',
      JSON.stringify({
        lockfileVersion: 1,
        dependencies: {
          a: { version: '1.0.0', requires: { b: '*' }, dependencies: { b: { version: '2.0.0' } } },
          alias: { version: 'npm:@x/real@4.0.0' },
          tree: { version: 'git+ssh://git@example.org/tree.git#abc' },
          local: { version: 'file:../local' },
        },
      }),
      ['pkg:npm/%40x/real@4.0.0', 'pkg:npm/a@1.0.0', 'pkg:npm/b@2.0.0'],
    ],
    [
      'Yarn 1',
      '/yarn.lock',
      '# yarn lockfile v1\n\n"@a/b@^1.0.0", "@a/b@^1.1.0":\n  version "1.1.0"\n  resolved "https://example.org/b.tgz"\n  dependencies:\n    c "^2"\n\nc@^2:\n  version "2.0.1"\n\n"alias@npm:real@^3":\n  version "3.0.0"\n\nlocal@file:./local:\n  version "0.0.0-x"\n',
      ['pkg:npm/%40a/b@1.1.0', 'pkg:npm/c@2.0.1', 'pkg:npm/local@0.0.0-x', 'pkg:npm/real@3.0.0'],
    ],
    [
      'Yarn 4',
      '/yarn.lock',
      '__metadata:\n  version: 8\n\n"a@npm:^1":\n  version: 1.0.0\n  resolution: "a@npm:1.0.0"\n  dependencies:\n    b: "npm:^2"\n  languageName: node\n\n"b@npm:^2":\n  version: 2.0.0\n  resolution: "b@npm:2.0.0"\n\n"me@workspace:.":\n  version: 0.0.0-use.local\n  resolution: "me@workspace:."\n',
      ['pkg:npm/a@1.0.0', 'pkg:npm/b@2.0.0'],
    ],
    [
      'pnpm 5',
      '/pnpm-lock.yaml',
      'lockfileVersion: 5.4\npackages:\n  /@a/b/1.0.0_react@18.0.0:\n    resolution: {integrity: x}\n    dependencies:\n      c: 2.0.0\n  /c/2.0.0:\n    dev: true\n',
      ['pkg:npm/%40a/b@1.0.0', 'pkg:npm/c@2.0.0'],
    ],
    [
      'pnpm 9',
      '/pnpm-lock.yaml',
      "lockfileVersion: '9.0'\npackages:\n  '@a/b@1.0.0':\n    resolution: {integrity: x}\n  c@2.0.0:\n    resolution: {integrity: y}\nsnapshots:\n  '@a/b@1.0.0(c@2.0.0)':\n    dependencies:\n      c: 2.0.0\n  c@2.0.0: {}\n",
      ['pkg:npm/%40a/b@1.0.0', 'pkg:npm/c@2.0.0'],
    ],
    [
      'Bun',
      '/bun.lock',
      '{\n  "lockfileVersion": 1,\n  "packages": {\n    "a": ["a@1.0.0", "", { "dependencies": { "b": "^2" } }, "sha512-x"],\n    "b": ["b@2.0.0", "", {}, "sha512-y"],\n  },\n}\n',
      ['pkg:npm/a@1.0.0', 'pkg:npm/b@2.0.0'],
    ],
    [
      'Deno',
      '/deno.lock',
      JSON.stringify({ version: '4', npm: { '@a/b@1.0.0_c@2.0.0': {}, 'c@2.0.0': {} } }),
      ['pkg:npm/%40a/b@1.0.0', 'pkg:npm/c@2.0.0'],
    ],
    [
      'pip',
      '/requirements-dev.txt',
      '# all\n-r base.txt\n--hash=x\nDjango[argon2]==4.2.1 ; python_version > "3" \\\n    --hash=sha256:00\nzope.interface === 5.0 # why\nrequests>=2\nflask ~= 2.0\nwheel @ https://example.org/w.whl\n',
      ['pkg:pypi/django@4.2.1', 'pkg:pypi/zope-interface@5.0'],
    ],
    [
      'pipenv',
      '/Pipfile.lock',
      JSON.stringify({ default: { a: { version: '==1.0' } }, develop: { b: { version: '==2' }, c: { path: '.' } } }),
      ['pkg:pypi/a@1.0', 'pkg:pypi/b@2'],
    ],
    [
      'Poetry',
      '/poetry.lock',
      '[[package]]\nname = "A_b"\nversion = "1.0"\noptional = false\n[package.dependencies]\nc = ">=2"\n\n[[package]]\nname = "c"\nversion = "2.0"\n',
      ['pkg:pypi/a-b@1.0', 'pkg:pypi/c@2.0'],
    ],
    [
      'uv',
      '/uv.lock',
      'version = 1\n[[package]]\nname = "me"\nversion = "0.1"\nsource = { virtual = "." }\n[[package]]\nname = "a"\nversion = "1.0"\nsource = { registry = "https://example.org/simple" }\ndependencies = [{ name = "b" }]\n[[package]]\nname = "b"\nversion = "2"\n',
      ['pkg:pypi/a@1.0', 'pkg:pypi/b@2'],
    ],
    [
      'pylock',
      '/pylock.dev.toml',
      'lock-version = "1.0"\n[[packages]]\nname = "a"\nversion = "1.0"\n',
      ['pkg:pypi/a@1.0'],
    ],
    [
      'Go',
      '/go.mod',
      'module example.org/me\n\ngo 1.22\n\nrequire github.com/a/b/v2 v2.0.1\nrequire (\n\tgolang.org/x/net v0.1.0 // indirect\n\tgithub.com/old/one v1.0.0 // why\n\tgithub.com/here/two v1.0.0\n)\nreplace github.com/old/one => github.com/new/one v1.0.1\nreplace (\n\tgithub.com/here/two => ../two\n\tgolang.org/x/net v9.9.9 => example.org/net v1.0.0\n)\nexclude github.com/x/y v1.0.0\n',
      [
        'pkg:golang/github.com/a/b/v2@v2.0.1',
        'pkg:golang/github.com/new/one@v1.0.1',
        'pkg:golang/golang.org/x/net@v0.1.0',
      ],
    ],
    [
      'Cargo',
      '/Cargo.lock',
      'version = 3\n[[package]]\nname = "me"\nversion = "0.1.0"\ndependencies = ["serde"]\n[[package]]\nname = "serde"\nversion = "1.0.1"\nsource = "registry+https://example.org/index"\nchecksum = "00"\n',
      ['pkg:cargo/serde@1.0.1'],
    ],
    [
      'Gradle',
      '/gradle.lockfile',
      '# comment\ncom.example:core:1.0=compileClasspath,runtimeClasspath\norg.test:unit:2.0=testCompileClasspath\nempty=annotationProcessor\n',
      ['pkg:maven/com.example/core@1.0', 'pkg:maven/org.test/unit@2.0'],
    ],
    [
      'Maven',
      '/pom.xml',
      // biome-ignore lint/suspicious/noTemplateCurlyInString: properties of Maven are written so
      '<project><parent><groupId>org.p</groupId><artifactId>p</artifactId><version>7</version></parent><artifactId>me</artifactId><properties><v>${major}.1</v><major>2</major></properties><dependencyManagement><dependencies><dependency><groupId>g</groupId><artifactId>managed</artifactId><version>3.0</version></dependency></dependencies></dependencyManagement><dependencies><dependency><groupId>g</groupId><artifactId>a</artifactId><version>${v}</version></dependency><dependency><groupId>g</groupId><artifactId>managed</artifactId></dependency><dependency><groupId>${project.groupId}</groupId><artifactId>sibling</artifactId><version>${project.version}</version><scope>test</scope></dependency><dependency><groupId>g</groupId><artifactId>unknown</artifactId></dependency><dependency><groupId>g</groupId><artifactId>range</artifactId><version>[1,2)</version></dependency></dependencies></project>',
      ['pkg:maven/g/a@2.1', 'pkg:maven/g/managed@3.0', 'pkg:maven/org.p/sibling@7'],
    ],
    [
      'Bundler',
      '/Gemfile.lock',
      'PATH\n  remote: .\n  specs:\n    me (0.1)\n\nGEM\n  remote: https://example.org/\n  specs:\n    nokogiri (1.15.0-x86_64-linux)\n      racc (~> 1.4)\n    nokogiri (1.15.0)\n    racc (1.7.1)\n\nPLATFORMS\n  ruby\n\nDEPENDENCIES\n  me!\n',
      ['pkg:gem/nokogiri@1.15.0', 'pkg:gem/racc@1.7.1'],
    ],
    [
      'Composer',
      '/composer.lock',
      JSON.stringify({
        packages: [{ name: 'A/B', version: 'v1.2.3', license: ['MIT'], require: { php: '>=8', 'c/d': '^2' } }],
        'packages-dev': [{ name: 'c/d', version: '2.0' }],
      }),
      ['pkg:composer/a/b@v1.2.3', 'pkg:composer/c/d@2.0'],
    ],
    [
      'NuGet, locked',
      '/packages.lock.json',
      JSON.stringify({
        version: 1,
        dependencies: {
          'net8.0': {
            A: { type: 'Direct', resolved: '1.0.0', dependencies: { B: '2.0.0' } },
            B: { type: 'Transitive', resolved: '2.0.0' },
            own: { type: 'Project' },
          },
          'net6.0': { A: { resolved: '1.0.0' } },
        },
      }),
      ['pkg:nuget/A@1.0.0', 'pkg:nuget/B@2.0.0'],
    ],
    [
      'NuGet 2',
      '/packages.config',
      '<?xml version="1.0"?><packages><package id="A" version="1.0.0" targetFramework="net48" /><package id="B" version="2.0" /></packages>',
      ['pkg:nuget/A@1.0.0', 'pkg:nuget/B@2.0'],
    ],
    [
      'a .NET project',
      '/src/app.csproj',
      '<Project Sdk="Microsoft.NET.Sdk"><ItemGroup><PackageReference Include="A" Version="1.0.0" /><PackageReference Include="B"><Version>2.0.0</Version></PackageReference><PackageReference Include="C" Version="1.*" /><PackageReference Include="D" /></ItemGroup></Project>',
      ['pkg:nuget/A@1.0.0', 'pkg:nuget/B@2.0.0'],
    ],
    [
      'Dart',
      '/pubspec.lock',
      'packages:\n  http:\n    dependency: "direct main"\n    description:\n      name: http\n      url: "https://example.org"\n    source: hosted\n    version: "1.1.0"\n  flutter:\n    source: sdk\n    version: "0.0.0"\n',
      ['pkg:pub/http@1.1.0'],
    ],
    [
      'Elixir',
      '/mix.lock',
      '%{\n  "plug": {:hex, :plug, "1.14.0", "00", [:mix], [{:mime, "~> 1.0", [hex: :mime, repo: "hexpm"]}], "hexpm", "11"},\n  "own": {:git, "https://example.org/own.git", "abc", []},\n}\n',
      ['pkg:hex/plug@1.14.0'],
    ],
    [
      'Erlang',
      '/rebar.lock',
      '{"1.2.0",\n[{<<"cowboy">>,{pkg,<<"cowboy">>,<<"2.8.0">>},0},\n {<<"own">>,{git,"https://example.org/own.git",{ref,"abc"}},0}]}.\n',
      ['pkg:hex/cowboy@2.8.0'],
    ],
    [
      'Swift 1',
      '/Package.resolved',
      JSON.stringify({
        object: {
          pins: [
            {
              package: 'Nio',
              repositoryURL: 'git@github.com:apple/swift-nio.git',
              state: { version: '2.0.0', revision: 'abc' },
            },
          ],
        },
        version: 1,
      }),
      ['pkg:swift/github.com/apple/swift-nio@2.0.0'],
    ],
    [
      'Swift 2',
      '/Package.resolved',
      JSON.stringify({
        pins: [
          { identity: 'nio', location: 'https://github.com/apple/swift-nio', state: { version: '2.0.0' } },
          { identity: 'b', location: 'https://x/b', state: { branch: 'main' } },
        ],
        version: 2,
      }),
      ['pkg:swift/github.com/apple/swift-nio@2.0.0'],
    ],
    [
      'CocoaPods',
      '/Podfile.lock',
      'PODS:\n  - A/Core (1.0)\n  - A (1.0):\n    - A/Core (= 1.0)\n  - B (2.1.0)\n',
      ['pkg:cocoapods/A@1.0', 'pkg:cocoapods/B@2.1.0'],
    ],
    [
      'Conan 2',
      '/conan.lock',
      JSON.stringify({ version: '0.5', requires: ['zlib/1.2.13#abc%1.0'], build_requires: ['cmake/3.22@u/c#x'] }),
      ['pkg:conan/cmake@3.22', 'pkg:conan/zlib@1.2.13'],
    ],
    [
      'Conan 1',
      '/conan.lock',
      JSON.stringify({ graph_lock: { nodes: { '0': { ref: 'me/1.0' }, '1': { ref: 'zlib/1.2.11@a/b#r' } } } }),
      ['pkg:conan/me@1.0', 'pkg:conan/zlib@1.2.11'],
    ],
    [
      'Stack',
      '/stack.yaml.lock',
      'packages:\n- completed:\n    hackage: aeson-2.0.3.0@sha256:00,11\n  original:\n    hackage: aeson-2.0.3.0\n',
      ['pkg:hackage/aeson@2.0.3.0'],
    ],
    [
      'Cabal',
      '/cabal.project.freeze',
      'constraints: any.aeson ==2.0.3.0,\n             aeson +cffi,\n             any.base ==4.17.0.0\n',
      ['pkg:hackage/aeson@2.0.3.0', 'pkg:hackage/base@4.17.0.0'],
    ],
    [
      'renv',
      '/renv.lock',
      JSON.stringify({ R: { Version: '4.2' }, Packages: { Rcpp: { Package: 'Rcpp', Version: '1.0.10' } } }),
      ['pkg:cran/Rcpp@1.0.10'],
    ],
    [
      'GitHub workflows',
      '/.github/workflows/ci.yml',
      `jobs:\n  a:\n    steps:\n      - uses: actions/checkout@v4\n      - uses: "Some/Action/inner@v1.2.3"\n      - uses: tj/changed@${'a'.repeat(40)} # v44.5.1\n      - uses: ./local\n      - uses: docker://alpine:3\n      - uses: x/y@${'b'.repeat(40)}\n`,
      ['pkg:github/actions/checkout@v4', 'pkg:github/some/action@v1.2.3#inner', 'pkg:github/tj/changed@v44.5.1'],
    ],
  ])('%s', (_, path, text, expected) => {
    const { problems } = read(path, text);
    expect(problems.filter(({ severity }) => severity === 'partial')).toEqual([]);
    expect(purls(path, text).sort()).toEqual([...expected].sort());
  });

  it('draws edges inside a file', () => {
    const lock = {
      packages: {
        'node_modules/a': { version: '1.0.0', dependencies: { b: '*' } },
        'node_modules/b': { version: '2.0.0' },
      },
    };
    const { packages, relationships } = read('/package-lock.json', JSON.stringify(lock));
    const id = (name: string) => packages.find((pkg) => pkg.name === name)?.id;
    expect(relationships).toEqual([{ from: id('b'), to: id('a'), type: 'dependency-of' }]);
  });

  it('counts what has no exact version', () => {
    expect(read('/requirements.txt', 'a>=1\nb\nc==1\n').problems).toMatchObject([
      { code: 'versions-open', severity: 'note', message: expect.stringContaining('2 of its packages') },
    ]);
  });

  it.each(['/package-lock.json', '/pnpm-lock.yaml', '/poetry.lock', '/Cargo.lock', '/pom.xml', '/composer.lock'])(
    'says that %s is damaged',
    (path) => {
      expect(read(path, '{"a": [1, {{ <').problems).toMatchObject([{ code: 'manifest-unreadable', path }]);
    },
  );

  it.each([
    '/node_modules/a/package-lock.json',
    '/vendor/x/go.mod',
    '/lib/python3/site-packages/x/requirements.txt',
    '/x/workflows/ci.yml',
    '/notes.txt',
    '/package.json',
  ])('leaves %s alone', (path) => expect(manifestKindOf(path)).toBeUndefined());

  it('leaves the root of a system alone', () => {
    const files = {
      '/etc/os-release': 'ID=debian\nVERSION_ID="12"\n',
      '/usr/share/x/go.mod': 'require a.b/c v1.0.0\n',
    };
    expect(runAnalyzers([distroAnalyzer, manifestAnalyzer], files).packages).toEqual([]);
  });

  it('lists what is declared and installed once', () => {
    const lock = {
      packages: {
        'node_modules/a': { version: '1.0.0', dependencies: { b: '*' } },
        'node_modules/b': { version: '2.0.0' },
      },
    };
    const found = runAnalyzers([npmAnalyzer, manifestAnalyzer], {
      '/app/package-lock.json': JSON.stringify(lock),
      '/app/node_modules/a/package.json': '{"name":"a","version":"1.0.0"}',
    });
    const { packages, relationships } = withoutInstalledTwice(found.packages, found.relationships);
    expect(packages.map(({ name, foundBy }) => [name, foundBy])).toEqual([
      ['a', 'npm'],
      ['b', 'npm-lock'],
    ]);
    expect(relationships).toEqual([{ from: packages[1]?.id, to: packages[0]?.id, type: 'dependency-of' }]);
  });
});
