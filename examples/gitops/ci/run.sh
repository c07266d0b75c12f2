#!/usr/bin/env bash
# What the pipelines run, here or there: ci/run.sh check | sandbox | plan | apply | drift
#
# plan, apply and drift leave a report for people, reports/VERB.md. All exit as provisioner does (docs/commands.md);
# apply takes the digest that was approved from DIGEST, and exits 8 when it would do anything else.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
mkdir -p reports

# allow.txt: what this change may do beyond the limits. It is a file so that it is reviewed, and the same for both jobs.
allowed=()
while read -r line || [[ -n $line ]]; do
  case $line in
    '' | '#'*) ;;
    --allow-destroy=* | --allow-update=* | --allow-stranded=* | --not-renamed=* | --rotate=*) allowed+=("$line") ;;
    *) echo "allow.txt: '$line' is none of --allow-destroy= --allow-update= --allow-stranded= --not-renamed= --rotate=" >&2
       exit 64 ;;
  esac
done < allow.txt

check() {
  provisioner fmt --check
  provisioner validate
  provisioner lint
}

sandbox() {  # a tenant of its own, made of these files from nothing; 2, a failure, when a second plan is not empty
  provisioner apply --endpoint sandbox --yes
  provisioner plan --endpoint sandbox --detailed-exitcode
}

plan() {
  provisioner plan --report markdown=reports/plan.md --report json=reports/plan.json "${allowed[@]}"
}

apply() {
  local code=0 why=${REASON:-no digest was given}
  if [[ -n ${DIGEST:-} ]]; then
    provisioner apply --digest "$DIGEST" --report markdown=reports/apply.md "${allowed[@]}" || code=$?
    [[ $code == 8 ]] || return "$code"
    why="the plan is no longer the one with the digest $DIGEST"
  fi
  code=0
  provisioner plan --detailed-exitcode --report markdown=reports/now.md "${allowed[@]}" || code=$?
  case $code in
    0) cp reports/now.md reports/apply.md ;;  # whatever was approved, nothing is left to do
    2) refuse "$why" ;;
    *) cp reports/now.md reports/apply.md
       return "$code" ;;
  esac
}

refuse() {
  echo "Not applied: $1. Approve the plan above by running this pipeline by hand with its digest" >&2
  {
    printf '**Not applied:** %s. What would be done now is below.\n' "$1"
    printf 'To approve it, run this pipeline by hand on the main branch, with its digest.\n\n'
    cat reports/now.md
  } > reports/apply.md
  return 8
}

drift() {
  provisioner plan --detailed-exitcode --report markdown=reports/drift.md
}

case ${1:-} in
  check | sandbox | plan | apply | drift) "$1" ;;
  *) echo "usage: ci/run.sh check|sandbox|plan|apply|drift" >&2
     exit 64 ;;
esac
