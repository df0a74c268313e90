import { isAbsolute } from 'node:path';
import { UserError } from '../../errors.js';
import type { Engine, FleetSettings } from './engine.js';

/** A workflow of GitHub Actions whose matrix has a job for each part of the list. */
export const github: Engine = { mostShards: 256, text: workflow };

function workflow({ file, members, shards, jobs, version }: FleetSettings): string {
  if (isAbsolute(file) || !/^[\w./-]+$/.test(file) || file.split('/').includes('..')) {
    throw new UserError(`--repos ${file}: the workflow reads the list in its own repository`, {
      hint: 'run this at the top of that repository, and give the path from there, of letters, digits and . _ - /',
    });
  }
  const parts = Array.from({ length: shards }, (_, index) => index + 1).join(', ');
  return `# Updates ${members.length} services. Written by
# create-service fleet github --repos ${file} --shards ${shards} --jobs ${jobs}
name: fleet

on:
  schedule:
    - cron: "17 3 * * 1"
  workflow_dispatch:

# One run at a time: the next one waits.
concurrency:
  group: \${{ github.workflow }}
  cancel-in-progress: false

permissions:
  contents: read

jobs:
  update:
    name: Part \${{ matrix.part }} of ${shards}
    runs-on: ubuntu-24.04
    timeout-minutes: 350
    strategy:
      fail-fast: false
      matrix:
        part: [${parts}]
    steps:
      - uses: actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1
        with:
          persist-credentials: false
      - name: Update the services of this part
        env:
          # May read and write contents, pull requests and workflows of these repositories, and nothing else.
          GH_TOKEN: \${{ secrets.FLEET_TOKEN }}
          PART: \${{ matrix.part }}
          GIT_AUTHOR_NAME: create-service
          GIT_AUTHOR_EMAIL: create-service@users.noreply.github.com
          GIT_COMMITTER_NAME: create-service
          GIT_COMMITTER_EMAIL: create-service@users.noreply.github.com
        run: |
          gh auth setup-git
          npx --yes create-service@${version} update --repos ${file} --shard "$PART/${shards}" --jobs ${jobs} --pr --report report.jsonl
      - name: Show what became of each
        if: always()
        run: |
          { echo '\`\`\`json'; cat report.jsonl; echo '\`\`\`'; } >> "$GITHUB_STEP_SUMMARY"
`;
}
