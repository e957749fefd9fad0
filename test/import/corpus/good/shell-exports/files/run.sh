#!/usr/bin/env bash
set -euo pipefail
cd "$(dirname "$0")"

export TWITTER_API_KEY="@@api_key:a@@"
export TWITTER_API_SECRET='@@api_secret:a@@'
export TWITTER_ACCESS_TOKEN=@@access_token:a@@
export TWITTER_ACCESS_TOKEN_SECRET=@@access_token_secret:a@@
export PYTHONPATH="$PWD/src:${PYTHONPATH:-}"

exec python3 bot.py "$@"
