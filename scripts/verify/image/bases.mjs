import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { imageOutput } from './builder.mjs';

/**
 * What stands in for the images of registries, which cannot be had here: golang is this machine's Go with a shell,
 * distroless a root directory with the users, certificates and time zones that the real one has, and nothing that runs.
 */
const standIns = [
  {
    name: /^golang:/,
    dockerfile: `FROM scratch
COPY --from=system /bin/busybox /bin/busybox
COPY --from=system /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
COPY --from=go . /usr/local/go
RUN ["/bin/busybox", "mkdir", "-m", "1777", "/tmp"]
RUN ["/bin/busybox", "--install", "-s", "/bin"]
ENV PATH=/go/bin:/usr/local/go/bin:/bin GOPATH=/go GOTOOLCHAIN=local
WORKDIR /go
`,
    platform: 'linux/amd64',
  },
  {
    name: /^gcr\.io\/distroless\/static-debian12:nonroot$/,
    dockerfile: `FROM scratch
COPY --from=users . /etc/
COPY --from=system /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
COPY --from=system /usr/share/zoneinfo /usr/share/zoneinfo
ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt
USER 65532
WORKDIR /home/nonroot
`,
    platform: 'linux/amd64,linux/arm64',
  },
];

const users = {
  passwd: 'root:x:0:0:root:/root:/sbin/nologin\nnonroot:x:65532:65532:nonroot:/home/nonroot:/sbin/nologin\n',
  group: 'root:x:0:\nnonroot:x:65532:\n',
};

/** Builds a stand-in for each image that a Dockerfile begins a stage with. Returns where each is, by its reference. */
export async function baseImages(builder, dockerfile, directory) {
  const references = readFileSync(dockerfile, 'utf8').matchAll(/^FROM (?:--platform=\S+ )?(\S+)/gm);
  const contexts = {
    system: systemFiles(directory),
    go: execFileSync('go', ['env', 'GOROOT'], { encoding: 'utf8' }).trim(),
    users: userFiles(directory),
  };
  const bases = {};
  for (const [, reference] of references) {
    const standIn = standIns.find(({ name }) => name.test(reference));
    if (!standIn) throw new Error(`nothing stands in for ${reference}`);
    const at = path.join(directory, reference.replaceAll(/[^a-z0-9.-]/g, '_'));
    mkdirSync(at, { recursive: true });
    writeFileSync(path.join(at, 'Dockerfile'), standIn.dockerfile);
    bases[reference] = path.join(at, 'image');
    await builder.build({
      context: at,
      dockerfile: path.join(at, 'Dockerfile'),
      contexts,
      options: { platform: standIn.platform },
      outputs: [imageOutput(bases[reference])],
    });
  }
  return bases;
}

/** Copies of what bases take from this machine: a whole `/` would be read through. */
function systemFiles(directory) {
  const at = path.join(directory, 'system');
  mkdirSync(at, { recursive: true });
  const files = ['/bin/busybox', '/etc/ssl/certs/ca-certificates.crt', '/usr/share/zoneinfo'];
  execFileSync('cp', ['--recursive', '--dereference', '--parents', ...files, at]);
  return at;
}

function userFiles(directory) {
  const at = path.join(directory, 'users');
  mkdirSync(at, { recursive: true });
  for (const [name, text] of Object.entries(users)) writeFileSync(path.join(at, name), text);
  return at;
}
