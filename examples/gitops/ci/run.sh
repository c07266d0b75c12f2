#!/usr/bin/env bash
# What the pipelines run, and what you can run: ci/run.sh check | sandbox | plan | apply | drift
#
# Reports are in reports/, for people as VERB.md. All exit as provisioner does: 4 is blocked, 8 not what was approved.
# apply takes the digest that was approved from DIGEST; where there is none, from REASON why.
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

# The tool, in such a way that a job that is cancelled lets it end what it has begun, and free its lock. GitHub tells the
# shell alone: it is passed on, once, as a second signal would end the tool at once. A terminal, and GitLab in a container,
# tell every process: then it is enough to wait.
stopped=
tool() {
  local code=0
  [[ -z $stopped ]] || exit 130
  if [[ ${GITHUB_ACTIONS:-} == true ]]; then
    provisioner "$@" &
    [[ -z $stopped ]] || kill -TERM "$!"
    wait "$!" || code=$?
    if [[ -n $stopped ]]; then # it was the signal that ended the wait
      code=0
      wait "$!" || code=$?
    fi
  else
    provisioner "$@" || code=$?
  fi
  [[ -z $stopped ]] || exit $((code ? code : 130))
  return "$code"
}

stop() {
  trap '' INT TERM
  stopped=1
  [[ ${GITHUB_ACTIONS:-} != true || -z ${!:-} ]] || kill -TERM "$!" 2> /dev/null || true
}
trap stop INT TERM

check() {
  local code=0 also=()
  [[ ${GITHUB_ACTIONS:-} != true ]] || also=(--report github) # marks in the files of the pull request
  tool fmt --check || code=1
  rm -f reports/lint.* # of an earlier time: what is not valid is not linted
  if tool validate --report junit=reports/validate.xml --report sarif=reports/validate.sarif \
    --report codequality=reports/validate.codequality.json ${also[@]+"${also[@]}"}; then
    tool lint --report junit=reports/lint.xml --report sarif=reports/lint.sarif \
      --report codequality=reports/lint.codequality.json ${also[@]+"${also[@]}"} || code=1
  else
    code=1
  fi
  python3 - reports/*.codequality.json > reports/codequality.json << 'EOF'
import json, sys
print(json.dumps([each for name in sys.argv[1:] for each in json.load(open(name, encoding="utf-8"))]))
EOF
  return "$code"
}

sandbox() { # a tenant of its own, made of these files from nothing; 2, a failure, when a second plan is not empty
  place=$(mktemp -d)
  trap 'rm -rf "$place"' EXIT
  tar -cf - --exclude ./.git --exclude ./.venv --exclude ./.provisioner --exclude ./reports . | tar -xf - -C "$place"
  cd "$place"
  tool apply --endpoint sandbox --yes
  tool plan --endpoint sandbox --detailed-exitcode
}

plan() {
  tool plan --report markdown=reports/plan.md --report json=reports/plan.json --report html=reports/plan.html \
    ${allowed[@]+"${allowed[@]}"}
}

apply() {
  local code=0 why=${REASON:-no digest was given}
  if [[ -n ${DIGEST:-} ]]; then
    tool apply --digest "$DIGEST" --report markdown=reports/apply.md ${allowed[@]+"${allowed[@]}"} || code=$?
    [[ $code == 8 ]] || return "$code"
    why="the plan is no longer the one with the digest $DIGEST"
  fi
  code=0
  tool plan --detailed-exitcode --report markdown=reports/now.md ${allowed[@]+"${allowed[@]}"} || code=$?
  case $code in
    0) cp reports/now.md reports/apply.md ;; # whatever was approved, nothing is left to do
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
  tool drift --report markdown=reports/drift.md --report json=reports/drift.json --report html=reports/drift.html
}

case ${1:-} in
  check | sandbox | plan | apply | drift) "$1" ;;
  *) echo "usage: ci/run.sh check|sandbox|plan|apply|drift" >&2
     exit 64 ;;
esac
