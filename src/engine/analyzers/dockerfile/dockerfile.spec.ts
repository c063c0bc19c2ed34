import { describe, expect, it } from 'vitest';
import { guessDockerfile } from './index.ts';
import { instructionOf } from './instruction.ts';

describe('history entries', () => {
  it.each([
    ['/bin/sh -c #(nop) ADD file:0eae0 in / ', 'ADD file:0eae0 in /'],
    ['/bin/sh -c #(nop)  CMD ["bash"]', 'CMD ["bash"]'],
    ['/bin/sh -c apt-get update', 'RUN apt-get update'],
    ['|1 FOO=bar /bin/sh -c make $FOO', 'RUN make $FOO'],
    ['RUN /bin/sh -c apk add curl # buildkit', 'RUN apk add curl'],
    ['RUN |2 A=1 B=2 /bin/sh -c echo $A # buildkit', 'RUN echo $A'],
    ['RUN /bin/bash -o pipefail -c make # buildkit', 'RUN /bin/bash -o pipefail -c make'],
    ['COPY /src /app # buildkit', 'COPY /src /app'],
    ['EXPOSE map[443/tcp:{} 80/tcp:{}]', 'EXPOSE 443/tcp 80/tcp'],
    ['EXPOSE 8080', 'EXPOSE 8080'],
    ['VOLUME [/data /logs]', 'VOLUME ["/data","/logs"]'],
    ['USER nobody', 'USER nobody'],
    ['ENTRYPOINT ["/app" "x"]', 'ENTRYPOINT ["/app" "x"]'],
    [
      'HEALTHCHECK &{["CMD-SHELL" "curl -f http://localhost/ || exit 1"] "30s" "3s" "0s" "0s" \'\\x03\'}',
      'HEALTHCHECK --interval=30s --timeout=3s --retries=3 CMD curl -f http://localhost/ || exit 1',
    ],
    ['HEALTHCHECK &{["CMD" "/check" "-q"] "0s" "0s" "0s" \'\\x00\'}', 'HEALTHCHECK CMD ["/check","-q"]'],
    ['HEALTHCHECK &{["NONE"] "0s" "0s" "0s" \'\\x00\'}', 'HEALTHCHECK NONE'],
    ['/bin/sh -c set -e;\techo a\n\techo b', 'RUN set -e;\techo a \\\n\techo b'],
    ["# debian.sh --arch 'amd64'", "# debian.sh --arch 'amd64'"],
    ['bazel build //:image', 'RUN bazel build //:image'],
  ])('%s', (entry, expected) => expect(instructionOf(entry)).toBe(expected));
});

describe('whole file', () => {
  it('starts from scratch and keeps the order', () => {
    const history = [
      { created_by: '/bin/sh -c #(nop) ADD file:x in / ' },
      { created_by: '/bin/sh -c #(nop)  USER app', empty_layer: true },
    ];
    expect(guessDockerfile({ history, config: { config: { User: 'app' } } })).toBe(
      'FROM scratch\nADD file:x in /\nUSER app\n',
    );
  });

  it('adds what only the configuration shows', () => {
    const config = {
      User: '1000',
      Env: ['A=1'],
      ExposedPorts: { '80/tcp': {} },
      Entrypoint: ['/app'],
      Cmd: ['serve'],
      WorkingDir: '/srv',
      Labels: { a: 'b c' },
      Healthcheck: { Test: ['CMD-SHELL', 'true'], Interval: 5_000_000_000, Retries: 2 },
    };
    expect(guessDockerfile({ history: [], config: { config } }).split('\n')).toEqual([
      'FROM scratch',
      'ENV A=1',
      'LABEL a="b c"',
      'EXPOSE 80/tcp',
      'WORKDIR /srv',
      'USER 1000',
      'HEALTHCHECK --interval=5s --retries=2 CMD true',
      'ENTRYPOINT ["/app"]',
      'CMD ["serve"]',
      '',
    ]);
  });

  it('takes odd configurations', () => {
    const odd = { history: [{}], config: { config: { Env: 'x', Labels: [], User: 7, Cmd: [1] } } };
    expect(guessDockerfile(odd)).toBe('FROM scratch\n');
  });
});
