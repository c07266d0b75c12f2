#!/usr/bin/env bash
# What the pipelines run, and what you can run: ci/run.sh check | sandbox | plan | apply | drift
#
# Reports are in reports/, for people as VERB.md. All exit as provisioner does: 4 is blocked, 8 not what was approved.
# apply takes the digest that was approved from DIGEST; where there is none, from REASON why.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
mkdir -p reports

# allow.txt: what this change may do beyond the limits. It is a file so that it is reviewed, and the same for both jobs.
allowed=() # and below ${allowed[@]+...}: macOS has a bash to which an empty list is unset
while read -r line || [[ -n $line ]]; do
  case $line in
    '' | '#'*) ;;
    --allow-destroy=* | --allow-update=* | --allow-stranded=* | --not-renamed=* | --rotate=*) allowed+=("$line") ;;
    *) echo "allow.txt: '$line' is none of --allow-destroy= --allow-update= --allow-stranded= --not-renamed= --rotate=" >&2
       exit 64 ;;
  esac
done < allow.txt

check() {
  local code=0 also=()
  [[ ${GITHUB_ACTIONS:-} != true ]] || also=(--report github) # marks in the files of the pull request
  provisioner fmt --check || code=1
  if provisioner validate --report junit=reports/validate.xml --report codequality=reports/codequality.json ${also[@]+"${also[@]}"}; then
    provisioner lint --report junit=reports/lint.xml --report sarif=reports/lint.sarif \
      --report codequality=reports/codequality.json ${also[@]+"${also[@]}"} || code=1
  else
    code=1
  fi
  return "$code"
}

sandbox() {  # a tenant of its own, made of these files from nothing; 2, a failure, when a second plan is not empty
  copy=$(mktemp -d)
  trap 'rm -rf "$copy"' EXIT
  tar -cf - --exclude ./.provisioner --exclude ./.git --exclude ./.venv . | tar -xf - -C "$copy"
  cd "$copy"
  provisioner apply --endpoint sandbox --yes
  provisioner plan --endpoint sandbox --detailed-exitcode
}

plan() {
  provisioner plan --report markdown=reports/plan.md --report json=reports/plan.json --report html=reports/plan.html \
    ${allowed[@]+"${allowed[@]}"}
}

apply() {
  local code=0 why=${REASON:-no digest was given}
  if [[ -n ${DIGEST:-} ]]; then
    provisioner apply --digest "$DIGEST" --report markdown=reports/apply.md ${allowed[@]+"${allowed[@]}"} || code=$?
    [[ $code == 8 ]] || return "$code"
    why="the plan is no longer the one with the digest $DIGEST"
  fi
  code=0
  provisioner plan --detailed-exitcode --report markdown=reports/now.md ${allowed[@]+"${allowed[@]}"} || code=$?
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
  provisioner drift --report markdown=reports/drift.md --report html=reports/drift.html
}

case ${1:-} in
  check | sandbox | plan | apply | drift) "$1" ;;
  *) echo "usage: ci/run.sh check|sandbox|plan|apply|drift" >&2
     exit 64 ;;
esac
