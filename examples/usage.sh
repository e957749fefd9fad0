#!/bin/sh
# How many posts the app has read this month, by its bearer token, which reads and cannot post:
#   twvault exec --only bearer_token -- examples/usage.sh
set -eu

if [ -z "${TWITTER_BEARER_TOKEN-}" ]; then
  echo 'usage: TWITTER_BEARER_TOKEN is not set' >&2
  echo 'usage: run: twvault exec --only bearer_token -- examples/usage.sh' >&2
  exit 1
fi

# The token goes to curl by its standard input: arguments show in the process list.
answer=$(printf 'Authorization: Bearer %s\n' "$TWITTER_BEARER_TOKEN" |
  curl --silent --show-error --fail-with-body --max-time 30 --header @- https://api.x.com/2/usage/tweets)
printf '%s' "$answer" | jq --raw-output '.data | "\(.project_usage) of \(.project_cap) posts"'
