#!/usr/bin/env bash
# Generates a Go client from the contract and makes a whole scenario's calls through it: see README.md.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../../.." && pwd)
contract=${CONTRACT:-$root/../shared/contract/v2.openapi.json}
scenario=${SCENARIO:-$root/../shared/tools/conformance/crawl.mjs}
work=${WORK:-$(mktemp -d)}
generator=7.14.0
mkdir -p "$work"
cd "$work"

if [ ! -x driver ]; then
  mvn -q dependency:copy -Dartifact=org.openapitools:openapi-generator-cli:$generator -DoutputDirectory="$work"
  node "$here/prepare.mjs" "$contract" contract.json
  rm -rf client
  java -jar openapi-generator-cli-$generator.jar generate -g go -i contract.json -o client --package-name client \
    --additional-properties=disallowAdditionalPropertiesIfNotPresent=${STRICT:-false},enumClassPrefix=true,withGoMod=false \
    --global-property=apis,models,supportingFiles,apiTests=false,modelTests=false,apiDocs=false,modelDocs=false >generate.log 2>&1
  cd client
  rm -rf test
  # Some models use times and do not import them.
  grep -l 'time\.Time' ./*.go | xargs grep -L '"time"' | xargs -r sed -i '0,/^import (/s//import (\n\t"time"/'
  printf 'module client.test/client\n\ngo 1.24\n' >go.mod
  mkdir -p cmd/driver
  cp "$here/driver/main.go" cmd/driver/
  go mod tidy
  go build -o ../driver ./cmd/driver
  cd ..
fi
npm install --silent --no-audit --no-fund --prefix ajv ajv ajv-formats
cd "$root"
PATH=$root/node_modules/.bin:$PATH node scripts/serve-for-checks.ts \
  node "$here/proxy.mjs" --contract "$contract" --driver "$work/driver" --server '{url}' --report "$work/report.json" -- \
  node "$scenario" --modules "$work/ajv/node_modules" --base '{proxy}' --user admin --password '{password}' \
  --wait 120 --alert-wait "${ALERT_WAIT:-1}" --quiet
