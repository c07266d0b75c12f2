#!/usr/bin/env bash
# Installs the provisioner that requirements.txt pins, or finds that the image has exactly that one.
#
# TOOL_TOKEN may read the repository of the tool, where that is private. It is sent to the forge of this pipeline alone,
# whatever requirements.txt names, and is in no file and no address.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

image=${PROVISIONER_IMAGE:-} # Dockerfile sets it: the requirements.txt that the image was made of
if [[ -n $image ]]; then
  cmp -s requirements.txt "$image" || {
    echo "The image was made of another requirements.txt: build it again, and name the new one" >&2
    exit 1
  }
else
  if [[ -n ${TOOL_TOKEN:-} ]]; then
    forge=${GITHUB_SERVER_URL:-${CI_SERVER_URL:?TOOL_TOKEN is for pipelines of GitHub or GitLab}}
    user=${GITHUB_ACTIONS:+x-access-token}
    basic=$(printf '%s' "${user:-gitlab-ci-token}:$TOOL_TOKEN" | base64 | tr -d '\n')
    export GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0="http.$forge/.extraHeader" GIT_CONFIG_VALUE_0="Authorization: Basic $basic"
  fi
  python3 -m pip install --quiet --disable-pip-version-check --requirement requirements.txt
fi
provisioner --version
