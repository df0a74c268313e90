import { UserError } from '../../errors.js';
import type { Engine, FleetSettings } from './engine.js';

/** An Indexed Job with a pod for each part of the list, which is in a ConfigMap. */
export const kubernetes: Engine = {
  mostShards: 10_000,
  text: (settings) => {
    refuseUnfit(settings);
    return `${configMap(settings)}---\n${job(settings)}`;
  },
};

/** A ConfigMap holds at most 1 MiB, names and metadata included. */
const mostBytes = 1_000_000;

function refuseUnfit({ list, file, members }: FleetSettings): void {
  const local = members.find(({ url }) => url === undefined);
  if (local) throw new UserError(`--repos ${file}: ${local.name} is a directory, and a pod has none of yours`);
  const secret = members.find(({ url }) => /^https?:\/\/[^/@]*@/.test(url ?? ''));
  if (secret) throw new UserError(`--repos ${file}: ${secret.name} has credentials, which belong into the Secret`);
  if (Buffer.byteLength(list) > mostBytes) {
    throw new UserError(`--repos ${file}: a ConfigMap holds 1 MB`, {
      hint: 'split the list, and give each Job another name',
    });
  }
}

function configMap({ file, members, shards, jobs }: FleetSettings): string {
  const lines = members.map(({ url, folder }) => (folder === '' ? url : `${url}//${folder}`));
  return `# Updates ${members.length} services. Written by
# create-service fleet kubernetes --repos ${file} --shards ${shards} --jobs ${jobs}
apiVersion: v1
kind: ConfigMap
metadata:
  name: create-service-fleet
  labels:
    app.kubernetes.io/name: create-service-fleet
data:
  repositories.txt: |
    ${lines.join('\n    ')}
`;
}

function job({ shards, jobs, version }: FleetSettings): string {
  return `apiVersion: batch/v1
kind: Job
metadata:
  name: create-service-fleet
  labels:
    app.kubernetes.io/name: create-service-fleet
spec:
  completionMode: Indexed
  completions: ${shards}
  parallelism: ${shards}
  # A part that fails is tried again by itself: what is pushed already is not pushed again.
  backoffLimitPerIndex: 2
  activeDeadlineSeconds: 21600
  ttlSecondsAfterFinished: 604800
  template:
    metadata:
      labels:
        app.kubernetes.io/name: create-service-fleet
    spec:
      restartPolicy: Never
      automountServiceAccountToken: false
      enableServiceLinks: false
      securityContext:
        runAsNonRoot: true
        runAsUser: 1000
        runAsGroup: 1000
        fsGroup: 1000
        seccompProfile:
          type: RuntimeDefault
      containers:
${container(shards, jobs, version)}      volumes:
        - name: repositories
          configMap:
            name: create-service-fleet
        - name: work
          emptyDir:
            sizeLimit: 4Gi
`;
}

function container(shards: number, jobs: number, version: string): string {
  return `        - name: update
          # Has node, npm and git. One with gh beside them also opens the pull requests.
          image: node:24-bookworm
          workingDir: /workspace
          command: ["sh", "-euc"]
          args:
            - |
              mkdir -p "$TMPDIR"
              npm install --global --prefix /workspace/npm create-service@${version}
              # 1: there are findings, which are in the pull requests.
              /workspace/npm/bin/create-service update --repos /etc/fleet/repositories.txt \\
                --shard "$((JOB_COMPLETION_INDEX + 1))/${shards}" --jobs ${jobs} --pr || [ "$?" -eq 1 ]
          env:
            - name: HOME
              value: /workspace
            - name: TMPDIR
              value: /workspace/tmp
            - name: GH_TOKEN
              valueFrom:
                secretKeyRef:
                  name: create-service-fleet
                  key: token
            - name: GIT_CONFIG_COUNT
              value: "1"
            - name: GIT_CONFIG_KEY_0
              value: credential.helper
            - name: GIT_CONFIG_VALUE_0
              value: '!f() { echo username=x-access-token; echo "password=$GH_TOKEN"; }; f'
            - name: GIT_AUTHOR_NAME
              value: create-service
            - name: GIT_AUTHOR_EMAIL
              value: create-service@users.noreply.github.com
            - name: GIT_COMMITTER_NAME
              value: create-service
            - name: GIT_COMMITTER_EMAIL
              value: create-service@users.noreply.github.com
          resources:
            requests:
              cpu: ${jobs}
              memory: ${memory(jobs)}Mi
            limits:
              memory: ${memory(jobs)}Mi
          securityContext:
            allowPrivilegeEscalation: false
            readOnlyRootFilesystem: true
            capabilities:
              drop: ["ALL"]
          volumeMounts:
            - name: repositories
              mountPath: /etc/fleet
              readOnly: true
            - name: work
              mountPath: /workspace
`;
}

/** Each process needs some 200 MiB, npm 512 for a moment. */
function memory(jobs: number): number {
  return Math.max(512, 256 + 256 * jobs);
}
