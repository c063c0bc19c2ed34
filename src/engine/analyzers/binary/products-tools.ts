import { after, type Product } from './product.ts';

/** Compilers, interpreters and tools, beyond those of `products.ts`. */
export const TOOL_PRODUCTS: readonly Product[] = [
  {
    name: 'git',
    file: /^git$/,
    signatures: [{ anchor: 'git/', pattern: /^git\/(?<version>\d+\.\d+\.\d+(?:\.\d+)?)/ }],
    cpes: [['git-scm', 'git']],
  },
  {
    name: 'lua',
    file: /^(lua[\d.-]*|luac[\d.-]*|liblua[-.\d]*\.so[.\d]*)$/,
    signatures: [{ anchor: '$LuaVersion: Lua ', pattern: after('^\\$LuaVersion: Lua ') }],
    cpes: [['lua', 'lua']],
  },
  {
    name: 'luajit',
    file: /^(luajit[\d.a-z-]*|libluajit[-.\d]*\.so[.\d]*)$/,
    signatures: [{ anchor: 'LuaJIT 2.', pattern: /^LuaJIT (?<version>\d+\.\d+\.(?:\d+(?:-(?:alpha|beta|rc)\d+)?))/ }],
    cpes: [['luajit', 'luajit']],
  },
  {
    name: 'tcl',
    file: /^libtcl[\d.]*\.so[.\d]*$/,
    signatures: [{ anchor: 'pointerSize\0', pattern: /^pointerSize\0(?<version>\d+\.\d+\.\d+)\0/ }],
    cpes: [['tcl', 'tcl']],
  },
  {
    name: 'pypy',
    file: /^(pypy[\d.]*(-c)?|libpypy[\d.]*-c\.so)$/,
    signatures: [{ anchor: '[PyPy ', pattern: after('^\\[PyPy ') }],
    cpes: [['pypy', 'pypy']],
  },
  {
    name: 'gcc',
    file: /^(?:[a-z0-9_]+-(?:[a-z0-9_]+-)*)?(gcc|g\+\+|c\+\+|cc)(-[\d.]+)?$/,
    signatures: [
      {
        anchor: 'gcc version ',
        before: 160,
        pattern: /\0(?<version>\d+\.\d+\.\d+)\0+\([^)\0]{1,100}\) ?\0+gcc version /,
      },
    ],
    cpes: [['gnu', 'gcc']],
  },
  {
    name: 'jq',
    file: /^jq$/,
    signatures: [
      { anchor: '\0jq-1.', pattern: /^\0jq-(?<version>1\.\d+(?:\.\d+)?(?:rc\d+)?)\0/ },
      { anchor: '\x001.', pattern: /^\0(?<version>1\.[5-9](?:\.\d+)?)\0/ },
    ],
    cpes: [
      ['jqlang', 'jq'],
      ['jq_project', 'jq'],
    ],
  },
  {
    name: 'ffmpeg',
    file: /^(ff(mpeg|probe|play)|lib(av(codec|device|filter|format|util)|swscale|swresample|postproc)(-[\da-f]{8})?\.so[.\d]*)$/,
    signatures: [
      { anchor: 'FFmpeg version ', pattern: /^FFmpeg version n?(?<version>\d+\.\d+(?:\.\d+)?)/ },
      { anchor: '%s version ', pattern: /^%s version n?(?<version>\d+\.\d+(?:\.\d+)?)/ },
    ],
    cpes: [['ffmpeg', 'ffmpeg']],
  },
  {
    name: 'cabal',
    file: /^cabal$/,
    signatures: [{ anchor: 'cabal-install-', pattern: /^cabal-install-(?<version>\d+\.\d+\.\d+(?:\.\d+)?)/ }],
    cpes: [['haskell', 'cabal']],
  },
  {
    name: 'stack',
    file: /^stack$/,
    signatures: [{ anchor: '/stack-', pattern: /^\/stack-(?<version>\d+\.\d+\.\d+)[-\0]/ }],
    cpes: [['haskell', 'stack']],
  },
  {
    name: 'sudo',
    file: /^sudo$/,
    signatures: [{ anchor: 'Sudo version %s', pattern: /^Sudo version %s\n?\0+(?<version>\d+\.\d+\.\d+(?:p\d+)?)\0/ }],
    cpes: [['sudo_project', 'sudo']],
  },
];
