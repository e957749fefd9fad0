#!/bin/sh
# Posts a text on X with curl and jq, by a user's OAuth 2.0 token. It comes from the environment, and twvault puts it there:
#   twvault exec --only oauth2_access_token -- examples/bot.sh                   which account is it?
#   twvault exec --only oauth2_access_token -- examples/bot.sh 'Hello, world'    post as that account
set -eu

if [ -z "${TWITTER_OAUTH2_USER_ACCESS_TOKEN-}" ]; then
  echo 'bot: TWITTER_OAUTH2_USER_ACCESS_TOKEN is not set' >&2
  echo 'bot: run: twvault exec --only oauth2_access_token -- examples/bot.sh' >&2
  exit 1
fi

# The token goes to curl by its standard input: arguments show in the process list.
call() {
  path=$1
  shift
  printf 'Authorization: Bearer %s\n' "$TWITTER_OAUTH2_USER_ACCESS_TOKEN" |
    curl --silent --show-error --fail-with-body --max-time 30 --header @- "$@" "https://api.x.com$path"
}

me=$(call /2/users/me)
username=$(printf '%s' "$me" | jq --raw-output .data.username)
if [ $# -eq 0 ]; then
  echo "these are the keys of @$username"
else
  body=$(jq --null-input --arg text "$1" '{text: $text}')
  call /2/tweets --header 'Content-Type: application/json' --data "$body" >/dev/null
  printf 'posted as @%s: %s\n' "$username" "$1"
fi
